-- What bitween keeps. Times are milliseconds since 1970 (UTC); hashes are 40 lower-case hex digits; paths are absolute.
-- Numbered scripts run once each, in order, each in one transaction; a released one is never edited: add the next number.

-- Shares and jobs: every one that the user was told of, also a job whose metadata nobody has yet.
create table transfer (
    id integer primary key autoincrement, -- never used twice: people and scripts remember them
    kind text not null check (kind in ('SHARE', 'JOB')),
    name text not null,
    place text not null,
    directory text, -- a job's, as asked for
    staging text, -- where a job grows before it is moved to its place
    magnet text, -- a job's link, as asked for
    state text not null,
    hash text unique check (length(hash) = 40),
    share_name text, -- this and the next three: all there, or none
    content_id text check (length(content_id) = 64),
    size_bytes integer check (size_bytes >= 0),
    files integer check (files >= 0),
    failure_code text, -- all four of failure, or none
    failure_reason text,
    failure_hint text,
    failure_since_ms integer,
    uploaded_bytes integer not null default 0,
    since_ms integer not null,
    finished_ms integer
) strict;

create unique index transfer_share_name on transfer (name) where kind = 'SHARE';

-- libtorrent's own, opaque. Gone with its transfer.
create table resume (
    hash text primary key references transfer (hash) on delete cascade,
    data blob not null
) strict;

-- Info dictionaries (BEP 3): of transfers, and of shares that somebody looked at.
create table metadata (
    hash text primary key check (length(hash) = 40),
    info blob not null,
    fetched_ms integer not null
) strict;

-- The SHA-256 of each file, 32 bytes each, in the order of the info dictionary.
create table digests (
    hash text primary key check (length(hash) = 40),
    sha256s blob not null,
    fetched_ms integer not null
) strict;

-- Our own XMPP resource, per account: random, made once.
create table account (
    jid text primary key,
    resource text not null
) strict;

create table contact_seen (
    jid text primary key,
    seen_ms integer not null
) strict;

create table device_seen (
    jid text not null,
    device text not null,
    name text not null,
    seen_ms integer not null,
    primary key (jid, device)
) strict;

-- Who waits for us to accept or refuse.
create table friend_request (
    jid text primary key,
    since_ms integer not null
) strict;

-- What friends' devices share, as they last told.
create table friend_list (
    id integer primary key,
    jid text not null,
    device text not null,
    device_name text not null,
    revision text not null,
    fetched_ms integer not null,
    unique (jid, device)
) strict;

create table friend_share (
    list integer not null references friend_list (id) on delete cascade,
    position integer not null, -- the order in which the friend told them
    hash text not null check (length(hash) = 40),
    name text not null,
    content_id text not null check (length(content_id) = 64),
    size_bytes integer not null check (size_bytes >= 0),
    files integer not null check (files >= 0),
    primary key (list, position)
) strict, without rowid;
