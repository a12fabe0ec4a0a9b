-- Which revision of a live share it is: 1, 2, 3 …; 0: it is no live share.
alter table transfer add column revision integer not null default 0 check (revision >= 0);
alter table friend_share add column revision integer not null default 0 check (revision >= 0);
