-- How far the hashing of a large share is, so that it goes on where a stop or a crash cut it off. All of it goes with the share, and once that is hashed.
create table hashing (
    share integer primary key references transfer (id) on delete cascade,
    layout blob not null check (length(layout) = 32), -- of paths, sizes and pieces: SHA-256
    stamps blob not null -- size, time and inode of each file: 16 bytes of a SHA-256 each
) strict;

-- Of each stretch of pieces: their SHA-1, then the SHA-256 of the files that lie within it.
create table hashing_stretch (
    share integer not null references hashing (share) on delete cascade,
    stretch integer not null,
    hashes blob not null,
    primary key (share, stretch)
) strict, without rowid;

-- The SHA-256 of files that reach over several stretches.
create table hashing_file (
    share integer not null references hashing (share) on delete cascade,
    file integer not null,
    sha256 blob not null check (length(sha256) = 32),
    primary key (share, file)
) strict, without rowid;
