-- What the user waits for somebody to share: words, and whether it is got by itself then.
create table want (
    id integer primary key autoincrement,
    words text not null,
    auto integer not null check (auto in (0, 1)),
    since integer not null
) strict;

-- What was told of each: a share (path '') or a file in it.
create table want_told (
    want integer not null references want (id) on delete cascade,
    hash text not null,
    path text not null,
    primary key (want, hash, path)
) strict, without rowid;
