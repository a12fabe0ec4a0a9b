-- Jobs that get a newer revision of what an earlier one got, and take its place. It stands by itself: the earlier one may be forgotten meanwhile.
create table succession (
    job integer primary key references transfer (id) on delete cascade,
    earlier integer references transfer (id) on delete set null,
    info blob not null, -- the earlier one's
    sha256s blob, -- of its files, 32 bytes each; null: nobody told
    files blob, -- which of them were got, a bit each; null: all
    mirror integer not null check (mirror in (0, 1)), -- whether what its owner removed goes here, too
    placing integer not null default 0 check (placing in (0, 1)) -- whether all has come, and files are taking their places
) strict;
