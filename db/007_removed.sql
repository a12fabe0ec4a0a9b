-- Whom the user has removed, until the server has taken them out of the roster: it may be away.
create table removed (
    jid text primary key,
    since_ms integer not null
) strict;
