-- How the files of a share were when they were hashed: size, time of change and inode of each, 24 bytes, in the order of the info dictionary. What has none
-- was hashed before this was kept.
create table stamps (
    hash text primary key references transfer (hash) on delete cascade,
    stamps blob not null
) strict;
