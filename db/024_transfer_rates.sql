-- How fast the bytes of a share or job may come and go; 0: no limit.
alter table transfer add column down_bytes_per_second integer not null default 0 check (down_bytes_per_second >= 0);
alter table transfer add column up_bytes_per_second integer not null default 0 check (up_bytes_per_second >= 0);
