-- Whom each share is for: 'everyone' in the roster, '@' and the name of a group of the roster, or an address. One without a row is for its owner's devices.
create table share_grant (
    share integer not null references transfer (id) on delete cascade,
    grantee text not null,
    primary key (share, grantee)
) strict, without rowid;

-- Until now everybody in the roster saw every share, and its owner was told so.
insert into share_grant (share, grantee) select id, 'everyone' from transfer where kind = 'SHARE';

-- Random, made once: it keeps what we announce from telling anything to those who guess.
create table secret (
    name text primary key,
    value blob not null
) strict;

-- A list's revision is that of what we may see; what its device announced at that time says when to ask again.
alter table friend_list add column announced text not null default '';
