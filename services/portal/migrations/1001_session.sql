-- Who is signed in. The portal keeps nothing else: everything it shows is asked from the services.

create table session (
    -- SHA-256 of the cookie: whoever reads this table cannot become anybody.
    id_hash      bytea       primary key,
    subject      text        not null,
    display_name text        not null,
    roles        text[]      not null,
    regions      text[]      not null,
    finess       text[]      not null,
    -- Forwarded to the services, never to the browser.
    access_token text        not null,
    -- Told to the identity provider at sign-out.
    id_token     text        not null,
    -- Carried by every form.
    form_token   text        not null,
    started_at   timestamptz not null,
    seen_at      timestamptz not null,
    ends_at      timestamptz not null,
    constraint session_id_hash_check check (length(id_hash) = 32),
    constraint session_order_check check (started_at <= seen_at and started_at < ends_at)
);
create index session_ends_at_idx on session (ends_at);

-- A sign-in on its way to the identity provider and back, with the form that was on screen if a session ended
-- under it.
create table sign_in (
    state_hash    bytea       primary key,
    nonce         text        not null,
    code_verifier text,
    return_to     text        not null,
    -- A form that was sent without a session: where to, and its fields as they were typed.
    draft_action  text,
    draft_fields  text,
    started_at    timestamptz not null,
    constraint sign_in_state_hash_check check (length(state_hash) = 32),
    constraint sign_in_draft_check check ((draft_action is null) = (draft_fields is null)),
    constraint sign_in_draft_size_check check (length(draft_fields) <= 262144)
);
create index sign_in_started_at_idx on sign_in (started_at);

-- A form that waits for its author, shown once to the same person.
create table draft (
    id         uuid        primary key,
    subject    text        not null,
    action     text        not null,
    return_to  text        not null,
    fields     text        not null,
    created_at timestamptz not null
);
create index draft_created_at_idx on draft (created_at);

grant select, insert, update, delete on session, sign_in, draft to cpom_app;
