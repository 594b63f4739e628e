-- What is rare among many is not counted before it is ordered: how many events an export may hold, and up to which leaf of the
-- log its making has come. One that would hold more ends as such, without a file.
alter table saved_export
    add column most_events  bigint not null default 100000,
    add column reached_leaf bigint not null default -1,
    drop constraint saved_export_state_known,
    add constraint saved_export_state_known check (state in ('ordered', 'ready', 'too_large', 'expired'));

grant update (reached_leaf) on saved_export to cpom_machine;
