-- A friend's list is kept by hash, so that of a list of which one share changed one row is written.
create table friend_share_by_hash (
    list integer not null references friend_list (id) on delete cascade,
    hash text not null check (length(hash) = 40),
    name text not null,
    content_id text not null check (length(content_id) = 64),
    size_bytes integer not null check (size_bytes >= 0),
    files integer not null check (files >= 0),
    reshare integer not null default 0 check (reshare in (0, 1)),
    primary key (list, hash)
) strict, without rowid;

insert or ignore into friend_share_by_hash (list, hash, name, content_id, size_bytes, files, reshare)
    select list, hash, name, content_id, size_bytes, files, reshare from friend_share;
drop table friend_share;
alter table friend_share_by_hash rename to friend_share;
