-- Which jobs begin before others that wait for their turn, and take the turn of those that matter less.
alter table transfer add column priority text not null default 'NORMAL' check (priority in ('HIGH', 'NORMAL', 'LOW'));
