-- How long a share's pieces are where its user says so, in bytes. Null: as its size asks for.
alter table transfer add column piece_length integer;
