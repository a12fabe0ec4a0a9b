-- What is in friends' shares, for browsing while they are away: info dictionaries, compressed as they travel. Each goes with its line of the list.
create table friend_tree (
    list integer not null,
    hash text not null,
    info blob not null,
    charged_bytes integer not null check (charged_bytes > 0), -- what it counts of what a friend may take
    primary key (list, hash),
    foreign key (list, hash) references friend_share (list, hash) on delete cascade
) strict;

create index friend_tree_charged on friend_tree (list, charged_bytes);
