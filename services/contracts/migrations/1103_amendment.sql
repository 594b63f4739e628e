-- Amendments. Each state has exactly its facts; what is signed stays as it was.

create table amendment (
    id                  uuid        not null,
    contract_id         uuid        not null,
    region              text        not null,
    -- Consecutive in the contract, from the freeze on.
    number              integer,
    version             bigint      not null,
    state               text        not null,
    reason              text        not null,
    title               text        not null,
    effect_date         date        not null,
    changes             jsonb       not null,
    revision            integer     not null,
    proposed_by         text        not null,
    agreed_by           text,
    consultations       text[]      not null,
    impact_sha256       bytea,
    acknowledged_by     text,
    acknowledged_kind   text,
    acknowledged_role   text,
    freeze_version      bigint,
    signed_at           timestamptz,
    end_reasons         text,
    created_at          timestamptz not null,
    updated_at          timestamptz not null,
    constraint amendment_pkey primary key (id),
    constraint amendment_contract_fkey foreign key (contract_id) references contract (id),
    constraint amendment_number_key unique (contract_id, number),
    constraint amendment_version_positive check (version > 0),
    constraint amendment_state_known check (state in (
        'PROPOSED', 'NEGOTIATION', 'CONSULTATION', 'READY_TO_SIGN', 'PARTIALLY_SIGNED', 'SIGNED', 'IN_EFFECT',
        'REJECTED', 'WITHDRAWN'
    )),
    constraint amendment_sides_known check (
        proposed_by in ('ARS', 'ESTABLISHMENT')
        and (agreed_by is null or (state = 'NEGOTIATION' and agreed_by in ('ARS', 'ESTABLISHMENT')))
    ),
    constraint amendment_acknowledged_facts check (
        num_nonnulls(impact_sha256, acknowledged_by, acknowledged_kind, acknowledged_role) in (0, 4)
    ),
    constraint amendment_acknowledged_by_a_person check (acknowledged_kind = 'human'),
    -- Nobody signs what nobody has weighed.
    constraint amendment_weighed_before_signature check (
        impact_sha256 is not null
        or state not in ('READY_TO_SIGN', 'PARTIALLY_SIGNED', 'SIGNED', 'IN_EFFECT')
    ),
    constraint amendment_frozen_facts check (
        num_nonnulls(number, freeze_version)
        = case when state in ('READY_TO_SIGN', 'PARTIALLY_SIGNED', 'SIGNED', 'IN_EFFECT') then 2 else 0 end
    ),
    constraint amendment_signed_at_when_signed check ((signed_at is not null) = (state in ('SIGNED', 'IN_EFFECT'))),
    constraint amendment_reasons_when_ended check (
        (end_reasons is not null) = (state in ('REJECTED', 'WITHDRAWN'))
    )
);
create index amendment_list_idx on amendment (contract_id, created_at, id);
create index amendment_clock_idx on amendment (effect_date) where state = 'SIGNED';
-- The contract as its signed amendments make it, in the order of the fold.
create index amendment_fold_idx on amendment (contract_id, effect_date, number)
    where state in ('SIGNED', 'IN_EFFECT');
-- Numbers follow each other, so one amendment of a contract waits for signatures at a time.
create unique index amendment_one_waits on amendment (contract_id)
    where state in ('READY_TO_SIGN', 'PARTIALLY_SIGNED');

create table amendment_opinion (
    amendment_id uuid        not null,
    revision     integer     not null,
    body         text        not null,
    sense        text        not null,
    date         date        not null,
    comment      text        not null,
    recorded_at  timestamptz not null,
    constraint amendment_opinion_pkey primary key (amendment_id, revision, body),
    constraint amendment_opinion_amendment_fkey foreign key (amendment_id) references amendment (id),
    constraint amendment_opinion_sense_known check (sense in ('FAVOURABLE', 'RESERVED', 'UNFAVOURABLE', 'NOTED'))
);

create table amendment_document (
    amendment_id   uuid   not null,
    freeze_version bigint not null,
    sha256         bytea  not null,
    content        bytea  not null,
    constraint amendment_document_pkey primary key (amendment_id, freeze_version),
    constraint amendment_document_hash_key unique (amendment_id, freeze_version, sha256),
    constraint amendment_document_amendment_fkey foreign key (amendment_id) references amendment (id),
    constraint amendment_document_hash_is_of_content check (sha256 = sha256(content))
);
alter table amendment add constraint amendment_document_fkey
    foreign key (id, freeze_version) references amendment_document (amendment_id, freeze_version);

create table amendment_signature (
    amendment_id   uuid        not null,
    freeze_version bigint      not null,
    party          text        not null,
    sha256         bytea       not null,
    signatory      text        not null,
    signatory_kind text        not null,
    signatory_role text        not null,
    title          text        not null,
    signed_at      timestamptz not null,
    mandate        uuid,
    constraint amendment_signature_pkey primary key (amendment_id, freeze_version, party),
    constraint amendment_signature_document_fkey foreign key (amendment_id, freeze_version, sha256)
        references amendment_document (amendment_id, freeze_version, sha256),
    constraint amendment_signature_by_a_person check (signatory_kind = 'human'),
    constraint amendment_signature_entitled check (
        mandate is not null
        or signatory_role is not distinct from case
            when party = 'ars' then 'director_general'
            when party like 'legalEntities/%' then 'establishment_director'
        end
    ),
    constraint amendment_signature_mandate_fkey foreign key (mandate, party, signatory)
        references mandate (id, party, subject)
);

create trigger amendment_opinion_append_only before update or delete or truncate on amendment_opinion
    for each statement execute function refuse_change();
create trigger amendment_document_append_only before update or delete or truncate on amendment_document
    for each statement execute function refuse_change();
create trigger amendment_signature_append_only before update or delete or truncate on amendment_signature
    for each statement execute function refuse_change();

grant select, insert, update on amendment to cpom_app;
grant select, insert on amendment_opinion, amendment_document, amendment_signature to cpom_app;

-- A machine only lets a signed amendment take effect on its day.
grant select on amendment, amendment_opinion, amendment_document, amendment_signature to cpom_machine;
grant update (state, version, updated_at) on amendment to cpom_machine;
alter table amendment enable row level security;
create policy amendment_people on amendment to cpom_app using (true) with check (true);
create policy amendment_machine_reads on amendment for select to cpom_machine using (true);
create policy amendment_machine_lets_time_pass on amendment for update to cpom_machine
    using (state = 'SIGNED')
    with check (state = 'IN_EFFECT');
