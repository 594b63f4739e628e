-- What makes a history provable: persons outside of the hashed bytes, the Merkle log, and who read what.

-- A person acts under a commitment; this is what opens it. Erased, the history stays whole and names nobody.
create table person (
    -- person: and the hexadecimal SHA-256("cpom-person/v1\0" || salt || subject).
    commitment  text        not null,
    subject     text,
    salt        bytea,
    recorded_at timestamptz not null,
    erased_at   timestamptz,
    constraint person_pkey primary key (commitment),
    constraint person_subject_key unique (subject),
    constraint person_erased_whole check (
        (subject is null) = (erased_at is not null) and (salt is null) = (erased_at is not null)
    )
);

-- The RFC 6962 tree over the hashes of events. Only what never changes is kept: the leaves, and the complete subtrees
-- of 256, 65,536 … leaves; everything between them is computed from at most 256 of these.
create table merkle_node (
    level     smallint not null,
    index     bigint   not null,
    hash      bytea    not null,
    -- The event under a leaf. No foreign key: it would lock the rows of events, and the leaf already holds their hash.
    event_seq bigint,
    constraint merkle_node_pkey primary key (level, index),
    constraint merkle_node_event_key unique (event_seq),
    constraint merkle_node_leaf_has_event check ((level = 0) = (event_seq is not null)),
    constraint merkle_node_hash_is_sha256 check (octet_length(hash) = 32)
);
create trigger merkle_node_append_only before update or delete or truncate on merkle_node
    for each statement execute function refuse_change();

-- Signed tree heads.
create table checkpoint (
    tree_size bigint      not null,
    root_hash bytea       not null,
    signed_at timestamptz not null,
    note      text        not null,
    constraint checkpoint_pkey primary key (tree_size),
    constraint checkpoint_size_positive check (tree_size > 0),
    constraint checkpoint_root_is_sha256 check (octet_length(root_hash) = 32)
);
create trigger checkpoint_append_only before update or delete or truncate on checkpoint
    for each statement execute function refuse_change();

-- Calls of auditors, in the order in which they ended.
create table audit_read (
    seq        bigint      generated always as identity,
    id         uuid        not null,
    actor      text        not null,
    actor_kind text        not null,
    actor_role text        not null,
    mission    text        not null,
    method     text        not null,
    request    text        not null,
    read_at    timestamptz not null,
    outcome    text        not null,
    constraint audit_read_pkey primary key (seq)
);
create index audit_read_actor_idx on audit_read (actor, seq);
create trigger audit_read_append_only before update or delete or truncate on audit_read
    for each statement execute function refuse_change();

grant select, insert on person, merkle_node, checkpoint, audit_read to cpom_app, cpom_machine;
-- What the operators' command to erase a person needs.
grant update (subject, salt, erased_at) on person to cpom_machine;
