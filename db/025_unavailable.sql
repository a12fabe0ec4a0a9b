-- Whether nothing of a friend's share can be had at the moment: its owner's files changed, or are away.
alter table friend_share add column unavailable integer not null default 0 check (unavailable in (0, 1));
