-- Which revision of a friend's live share came after which, as his lists said.
create table predecessor (
    id integer primary key autoincrement,
    hash text not null unique check (length(hash) = 40),
    before text not null check (length(before) = 40)
) strict;
