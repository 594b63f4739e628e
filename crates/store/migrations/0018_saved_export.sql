-- Exports of the history that people ordered: made in the background, kept for a while, then deleted.

create table saved_export (
    id          uuid        not null,
    version     bigint      not null,
    -- The commitment of who ordered it.
    actor       text        not null,
    -- What was asked for; empty or null does not restrict.
    region      text        not null,
    root        text        not null,
    start_at    timestamptz,
    end_at      timestamptz,
    -- What its reader could see at that moment; null for all.
    regions     text[],
    roots       text[],
    tree_size   bigint      not null,
    state       text        not null,
    ordered_at  timestamptz not null,
    expires_at  timestamptz not null,
    -- Until then one replica is at work; later any other takes it up where the first has come to.
    lease_until timestamptz,
    finished_at timestamptz,
    events      bigint,
    bytes       bigint,
    sha256      bytea,
    constraint saved_export_pkey primary key (id),
    constraint saved_export_state_known check (state in ('ordered', 'ready', 'expired')),
    constraint saved_export_ready_whole check (
        state <> 'ready' or num_nulls(finished_at, events, bytes, sha256) = 0
    ),
    constraint saved_export_sha256_check check (octet_length(sha256) = 32),
    constraint saved_export_expires_later check (expires_at > ordered_at)
);
create index saved_export_actor_idx on saved_export (actor, id);
create index saved_export_work_idx on saved_export (ordered_at) where state = 'ordered';
create index saved_export_age_idx on saved_export (expires_at) where state <> 'expired';

-- The file, part by part. A part is whole lines, and is written once.
create table saved_export_part (
    export_id uuid   not null,
    rank      bigint not null,
    -- Place in the log of its last event: the next part begins after it.
    last_leaf bigint not null,
    events    bigint not null,
    sha256    bytea  not null,
    content   bytea  not null,
    constraint saved_export_part_pkey primary key (export_id, rank),
    constraint saved_export_part_export_fkey foreign key (export_id) references saved_export (id)
);

grant select, insert on saved_export to cpom_app;
grant select on saved_export_part to cpom_app;
grant select on saved_export to cpom_machine;
grant update (version, state, lease_until, finished_at, events, bytes, sha256) on saved_export to cpom_machine;
grant select, insert, delete on saved_export_part to cpom_machine;
