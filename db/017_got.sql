-- What was got, from whom and when, also of jobs that are forgotten: the oldest goes when it is too much.
create table got (
    id integer primary key autoincrement,
    hash text not null check (length(hash) = 40),
    name text not null, -- of the share, as its owner calls it
    place text not null, -- where it stood once it was here
    files blob, -- which of its files, a bit each in the order of the info dictionary; null: all
    info blob not null,
    sha256s blob, -- of each file, 32 bytes each; null: nobody told
    finished_ms integer not null
) strict;

create index got_place on got (place);

-- Which devices it came from; where that went too fast to see, which of those that were there had it.
create table got_from (
    got integer not null references got (id) on delete cascade,
    jid text not null,
    device text not null check (length(device) = 64),
    device_name text not null,
    primary key (got, jid, device)
) strict, without rowid;
