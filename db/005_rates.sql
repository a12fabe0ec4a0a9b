-- How fast bytes may come from and go to a friend, over all their devices; 0: no limit. No row: neither way.
create table friend_rate (
    jid text primary key,
    down_bytes_per_second integer not null check (down_bytes_per_second >= 0),
    up_bytes_per_second integer not null check (up_bytes_per_second >= 0)
) strict;
