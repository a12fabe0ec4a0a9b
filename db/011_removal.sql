-- Jobs that are removed, and what of them is still to be deleted: a crash in between does not leave it lying about.
create table removal (
    hash text primary key check (length(hash) = 40),
    place text not null,
    share_name text, -- of one that was complete; null: it never was
    info blob, -- null: it is not known which files are its own, so finished ones stay
    with_files integer not null check (with_files in (0, 1)) -- whether finished files go, too
) strict;
