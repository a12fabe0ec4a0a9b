-- How many revisions of a live share have their files kept, that which is offered included; 0: none.
alter table transfer add column keep_revisions integer not null default 0 check (keep_revisions >= 0);

-- Revisions whose files are kept beside the database, in the order in which they were kept.
create table kept_revision (
    id integer primary key autoincrement,
    share integer not null references transfer (id) on delete cascade,
    number integer not null check (number > 0),
    hash text not null unique check (length(hash) = 40),
    unique (share, number)
) strict;

-- Which former revisions of a friend's share can be got: number (4 bytes, big-endian) and info-hash (20) of each, one after the other; null: none.
alter table friend_share add column kept blob;
