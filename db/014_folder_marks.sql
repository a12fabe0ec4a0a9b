-- What a job's folder was when it was asked for, as "device:inode": the empty folder that stays where a disk was mounted is another. Null: nobody looked.
alter table transfer add column folder_mark text;
