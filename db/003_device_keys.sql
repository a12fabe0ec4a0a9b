-- Devices have keys from now on, and are named by them: what was kept under XMPP resources is told again by friends.
delete from friend_list;
delete from device_seen;

-- Whose devices may have links with us. Device ids are the SHA-256 of the public key, 64 hex digits.
create table device_key (
    jid text not null,
    device text not null check (length(device) = 64),
    spki blob, -- null until the device was seen: an endorsement names its id alone
    trust text not null check (trust in ('TRUSTED', 'WAITING', 'CHANGED')),
    reason text not null, -- for people: why it is trusted, or waits
    name text not null,
    resource text, -- where it was seen last on XMPP
    counter integer not null default 0, -- of its newest announcement
    since_ms integer not null,
    primary key (jid, device)
) strict;

-- Contacts that the user added or accepted here: the server alone cannot make anybody a friend.
create table contact_confirmed (
    jid text primary key,
    since_ms integer not null
) strict;

-- Our own words for other devices of our account, as they are announced.
create table endorsement (
    jid text not null,
    device text not null check (length(device) = 64),
    signature blob not null,
    since_ms integer not null,
    primary key (jid, device)
) strict;

-- Of our announcements: a restored backup must not go back.
create table announced (
    jid text primary key,
    counter integer not null
) strict;
