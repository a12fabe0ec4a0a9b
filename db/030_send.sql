-- A share that is an offer: it goes once those whom it is for have it.
alter table transfer add column sent integer not null default 0 check (sent in (0, 1));
alter table friend_share add column sent integer not null default 0 check (sent in (0, 1));

-- What was sent, to whom, and what became of it. A share can be sent to several, each of whom has a row.
create table sent (
    id integer primary key autoincrement,
    friend text not null,
    name text not null,
    path text not null,
    piped integer not null check (piped in (0, 1)), -- whether the file is ours, made of what came through a pipe
    share integer references transfer (id) on delete set null, -- null: not known yet, or there no more
    size_bytes integer, -- null: not known yet
    hash text check (length(hash) = 40), -- null: not known yet
    since_ms integer not null,
    outcome text check (outcome in ('TAKEN', 'DECLINED', 'WITHDRAWN')), -- null: it is offered
    ended_ms integer
) strict;

create index sent_share on sent (share);

-- What friends sent, as far as it was seen.
create table offer (
    friend text not null,
    hash text not null check (length(hash) = 40),
    size_bytes integer not null, -- with what each of its files takes at least
    since_ms integer not null,
    accepted_ms integer, -- when it was got by itself; null: it was not
    answer text check (answer in ('TAKEN', 'DECLINED')), -- which its sender is to be told; null: none yet
    primary key (friend, hash)
) strict, without rowid;

-- How much of what a friend sends comes by itself in a day.
create table friend_allowance (
    jid text primary key,
    bytes_per_day integer not null check (bytes_per_day > 0)
) strict, without rowid;
