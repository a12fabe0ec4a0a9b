-- Friends with whom nothing is exchanged for now.
alter table friend_rate add column paused integer not null default 0 check (paused in (0, 1));
