-- A list's revision is that of what we may see; what its device announced at that time says when to ask again.
alter table friend_list add column announced text not null default '';
