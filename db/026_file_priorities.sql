-- Which of a job's files come first: a line each, oldest first, of a priority, a path and a pattern as in choice, with tabs between. Null: none does.
alter table transfer add column file_priorities text;
