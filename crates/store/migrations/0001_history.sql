-- What every service keeps about its own acts. Numbers below 1000 are shared; a service's own start at 1001.

-- History: append-only, the source of truth. `canonical` is the exact text that is hashed and published.
create table event (
    -- Order of recording: of two events of one aggregate, the later has the larger. Gaps mean nothing.
    seq             bigint      generated always as identity,
    id              uuid        not null,
    aggregate_kind  text        not null,
    -- Resource name, for example contracts/0198….
    aggregate       text        not null,
    version         bigint      not null,
    type            text        not null,
    -- The resource under which an auditor looks for it.
    root            text        not null,
    region          text        not null,
    actor           text        not null,
    actor_kind      text        not null,
    actor_role      text        not null,
    reason          text,
    request_id      uuid,
    traceparent     text,
    recorded_at     timestamptz not null,
    canonical       bytea       not null,
    prev_hash       bytea       not null,
    hash            bytea       not null,
    constraint event_pkey primary key (id),
    constraint event_seq_key unique (seq),
    -- Two writers cannot append the same step: a fork of the chain is impossible.
    constraint event_version_key unique (aggregate, version),
    -- Lets a table require that the act it rests on was done by a person.
    constraint event_actor_kind_key unique (id, actor_kind),
    constraint event_version_positive check (version > 0),
    constraint event_actor_kind_known check (actor_kind in ('human', 'system', 'service')),
    constraint event_hash_is_sha256 check (octet_length(hash) = 32 and octet_length(prev_hash) = 32)
);
create index event_root_idx on event (root, seq);
create index event_kind_idx on event (aggregate_kind, seq);
create index event_time_idx on event using brin (recorded_at);

create function refuse_change() returns trigger language plpgsql as
$$ begin raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation'; end $$;
create trigger event_append_only before update or delete or truncate on event
    for each statement execute function refuse_change();

-- Only what is not yet published; stays tiny.
create table outbox (
    seq      bigint generated always as identity,
    event_id uuid   not null,
    constraint outbox_pkey primary key (seq)
);

-- One row per committed command, so that a repeated request gets the same answer (AIP-155).
create table request (
    actor       text        not null,
    method      text        not null,
    request_id  uuid        not null,
    fingerprint bytea       not null,
    response    bytea       not null default '',
    recorded_at timestamptz not null,
    constraint request_pkey primary key (actor, method, request_id)
);
create index request_age_idx on request (recorded_at);

-- How far the events of other services have been applied here, in the same transaction as their effects.
create table inbox (
    consumer  text   not null,
    aggregate text   not null,
    -- The last applied event of this aggregate: what is not above it is a duplicate.
    version   bigint not null,
    constraint inbox_pkey primary key (consumer, aggregate),
    constraint inbox_version_positive check (version > 0)
);

-- Messages that could not be applied, until they are, or until a person dismisses them.
create table parked (
    consumer          text        not null,
    event_id          uuid        not null,
    aggregate         text        not null,
    -- 0 when the message was not even an event.
    version           bigint      not null,
    subject           text        not null,
    body              bytea       not null,
    reason            text        not null,
    deliveries        bigint      not null,
    parked_at         timestamptz not null,
    -- True: applied as soon as it is the next of its aggregate. False: it was refused, and waits for a person.
    waiting           boolean     not null,
    resolved_at       timestamptz,
    resolution        text,
    dismissed_by      text,
    dismissal_reason  text,
    constraint parked_pkey primary key (consumer, event_id),
    constraint parked_resolution_known check (resolution in ('applied', 'dismissed')),
    constraint parked_resolution_complete check (
        (resolved_at is null) = (resolution is null)
        and (resolution is not distinct from 'dismissed') = (dismissed_by is not null)
        and (dismissed_by is null) = (dismissal_reason is null)
    )
);
create index parked_aggregate_idx on parked (consumer, aggregate, version) where resolved_at is null;

-- Copies of other services' data that have been built from the owner's history.
create table copy_bootstrap (
    consumer     text        not null,
    completed_at timestamptz not null,
    constraint copy_bootstrap_pkey primary key (consumer)
);

-- cpom_app runs people's commands, cpom_machine runs consumers, clocks and campaigns. Neither owns a table.
grant usage on schema public to cpom_app, cpom_machine;
grant select, insert on event to cpom_app, cpom_machine;
grant select, insert, delete on outbox to cpom_app, cpom_machine;
grant select, insert, update, delete on request to cpom_app, cpom_machine;
grant select, insert, update on inbox to cpom_app, cpom_machine;
grant select, insert, update on parked to cpom_app, cpom_machine;
grant select, insert, delete on copy_bootstrap to cpom_app, cpom_machine;
