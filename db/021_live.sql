-- What becomes of a share when its files change.
alter table transfer add column mode text not null default 'USUAL' check (mode in ('USUAL', 'LIVE', 'FROZEN'));

-- What a live share was before: the newest of its former revisions, as far as there is room.
create table revision (
    id integer primary key autoincrement,
    share integer not null references transfer (id) on delete cascade,
    number integer not null check (number > 0),
    hash text not null check (length(hash) = 40),
    content_id text not null check (length(content_id) = 64),
    size_bytes integer not null check (size_bytes >= 0),
    files integer not null check (files >= 0),
    made_ms integer not null,
    info blob not null,
    sha256s blob not null, -- of each file, 32 bytes each
    unique (share, number)
) strict;

create index revision_hash on revision (hash);
