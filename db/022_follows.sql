-- What is followed: the share of that name at that friend, whatever its hash is today; and how far that is.
create table follow (
    id integer primary key autoincrement,
    friend text not null,
    share text not null,
    auto integer not null check (auto in (0, 1)),
    new_only integer not null check (new_only in (0, 1)),
    patterns text not null, -- one a line: what of it is got; '': all
    max_bytes integer check (max_bytes > 0), -- what is larger waits; null: nothing does
    mirror integer not null check (mirror in (0, 1)),
    notify integer not null check (notify in (0, 1)),
    directory text, -- where its first revision goes; null: where the config says
    since_ms integer not null,
    newest text check (length(newest) = 40), -- the newest revision that was seen
    revision integer not null default 0, -- its number, if it has one
    begun text check (length(begun) = 40), -- the last one that was got by itself, or is not to be
    ready text check (length(ready) = 40), -- the last one that was here
    place integer references transfer (id) on delete set null, -- the complete job whose place the next takes
    baseline blob, -- SHA-256 of each file that is not got, 32 bytes each; null: it is not known which these are
    unique (friend, share)
) strict;

-- Which revisions were seen of each: none is new twice.
create table follow_seen (
    follow integer not null references follow (id) on delete cascade,
    hash text not null check (length(hash) = 40),
    primary key (follow, hash)
) strict, without rowid;
