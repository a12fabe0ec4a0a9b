-- What is being moved: from where, to where, and whether it is there already and only the old one is to go. Gone when it is done.
create table move (
    transfer integer primary key references transfer (id) on delete cascade,
    origin text not null,
    goal text not null,
    switched integer not null default 0 check (switched in (0, 1))
) strict;
