-- What a job gets of a share that it does not get whole: each of these. None: all of it.
create table choice (
    job integer not null references transfer (id) on delete cascade,
    position integer not null,
    below text not null, -- the path of a file or folder
    pattern text not null, -- what is meant below it; '': all
    primary key (job, position)
) strict, without rowid;

-- How much that is, once the metadata are here; and which files of it are in place already, a bit each in the order of the info dictionary.
alter table transfer add column chosen_files integer not null default 0 check (chosen_files >= 0);
alter table transfer add column chosen_bytes integer not null default 0 check (chosen_bytes >= 0);
alter table transfer add column here blob;

-- Which files a removed job had put in place, in the same way. Null: all of them.
alter table removal add column here blob;
