-- With whom the user wants nothing to do, in the roster or not.
create table blocked (
    jid text primary key,
    since_ms integer not null,
    told integer not null default 0 check (told in (0, 1)) -- whether the server has taken them out of the roster, which tells them
) strict;

-- Whether its owner lets those who get it share it on by themselves: of our own shares, and of friends'.
alter table transfer add column reshare integer not null default 0 check (reshare in (0, 1));
alter table friend_share add column reshare integer not null default 0 check (reshare in (0, 1));
