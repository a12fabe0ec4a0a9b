-- Whether the user wants friends to see this device: PRESENT, AWAY, or SILENT, who gives nothing either.
alter table account add column absence text not null default 'PRESENT' check (absence in ('PRESENT', 'AWAY', 'SILENT'));
