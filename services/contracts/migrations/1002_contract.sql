-- The contract and what belongs to it. Each state has exactly its facts: the checks mirror the enum of the domain.

-- Last number given in a region and year.
create table contract_counter (
    region    text    not null,
    year      integer not null,
    last_rank integer not null,
    constraint contract_counter_pkey primary key (region, year)
);

create table contract (
    id                   uuid        not null,
    region               text        not null,
    number               text        not null,
    legal_regime         text        not null,
    version              bigint      not null,
    state                text        not null,
    text_version         integer     not null,
    -- The side that has agreed to the current version, during the negotiation.
    agreed_by            text,
    -- Version of the contract at which the document under signature was frozen.
    freeze_version       bigint,
    signed_at            timestamptz,
    in_force_at          timestamptz,
    expired_at           timestamptz,
    abandoned_at         timestamptz,
    abandonment_reasons  text,
    created_at           timestamptz not null,
    updated_at           timestamptz not null,
    constraint contract_pkey primary key (id),
    constraint contract_number_key unique (number),
    constraint contract_legal_regime_fkey foreign key (legal_regime) references legal_regime (code),
    constraint contract_version_positive check (version > 0),
    constraint contract_state_known check (state in (
        'DRAFT', 'NEGOTIATION', 'CONSULTATION', 'READY_TO_SIGN', 'PARTIALLY_SIGNED', 'SIGNED', 'IN_FORCE',
        'EXPIRED', 'ABANDONED'
    )),
    constraint contract_agreement_in_negotiation check (
        agreed_by is null or (state = 'NEGOTIATION' and agreed_by in ('ARS', 'ESTABLISHMENT'))
    ),
    constraint contract_frozen_when_signing check (
        (freeze_version is not null)
        = (state in ('READY_TO_SIGN', 'PARTIALLY_SIGNED', 'SIGNED', 'IN_FORCE', 'EXPIRED'))
    ),
    constraint contract_signed_at_when_signed check (
        (signed_at is not null) = (state in ('SIGNED', 'IN_FORCE', 'EXPIRED'))
    ),
    constraint contract_in_force_at_when_in_force check (
        (in_force_at is not null) = (state in ('IN_FORCE', 'EXPIRED'))
    ),
    constraint contract_expired_at_when_expired check ((expired_at is not null) = (state = 'EXPIRED')),
    constraint contract_reasons_when_abandoned check (
        num_nonnulls(abandoned_at, abandonment_reasons) = case when state = 'ABANDONED' then 2 else 0 end
    )
);
create index contract_list_idx on contract (region, created_at, id);
create index contract_clock_idx on contract (state) where state in ('SIGNED', 'IN_FORCE');

-- Every version of the text, as it was proposed.
create table contract_version (
    contract_id    uuid        not null,
    number         integer     not null,
    title          text        not null,
    legal_entities text[]      not null,
    establishments text[]      not null,
    effect_date    date        not null,
    end_date       date        not null,
    objectives     jsonb       not null,
    consultations  text[]      not null,
    comment        text        not null,
    author         text        not null,
    author_kind    text        not null,
    author_role    text        not null,
    created_at     timestamptz not null,
    constraint contract_version_pkey primary key (contract_id, number),
    constraint contract_version_contract_fkey foreign key (contract_id) references contract (id),
    constraint contract_version_number_positive check (number > 0),
    constraint contract_version_has_party check (cardinality(legal_entities) > 0),
    constraint contract_version_dates_ordered check (end_date >= effect_date),
    constraint contract_version_by_a_person check (author_kind = 'human')
);
alter table contract add constraint contract_text_fkey
    foreign key (id, text_version) references contract_version (contract_id, number)
    deferrable initially deferred;

-- The legal entities of the current text: who may see the contract, and its reviews.
create table contract_party (
    contract_id  uuid not null,
    legal_entity text not null,
    constraint contract_party_pkey primary key (contract_id, legal_entity),
    constraint contract_party_contract_fkey foreign key (contract_id) references contract (id)
);
create index contract_party_entity_idx on contract_party (legal_entity, contract_id);

-- The sites of signed contracts, on the days they cover: one contract at a time.
create table contract_site (
    contract_id   uuid      not null,
    establishment text      not null,
    period        daterange not null,
    constraint contract_site_pkey primary key (contract_id, establishment),
    constraint contract_site_contract_fkey foreign key (contract_id) references contract (id),
    constraint contract_site_one_contract exclude using gist (establishment with =, period with &&)
);

create table opinion (
    contract_id  uuid        not null,
    text_version integer     not null,
    body         text        not null,
    sense        text        not null,
    date         date        not null,
    comment      text        not null,
    recorded_at  timestamptz not null,
    constraint opinion_pkey primary key (contract_id, text_version, body),
    constraint opinion_version_fkey foreign key (contract_id, text_version)
        references contract_version (contract_id, number),
    constraint opinion_sense_known check (sense in ('FAVOURABLE', 'RESERVED', 'UNFAVOURABLE', 'NOTED'))
);

-- Text and targets as they are signed. A document frozen again after a withdrawal is another row.
create table frozen_document (
    contract_id    uuid        not null,
    freeze_version bigint      not null,
    target_set     uuid        not null,
    sha256         bytea       not null,
    content        bytea       not null,
    frozen_at      timestamptz not null,
    constraint frozen_document_pkey primary key (contract_id, freeze_version),
    constraint frozen_document_hash_key unique (contract_id, freeze_version, sha256),
    constraint frozen_document_contract_fkey foreign key (contract_id) references contract (id),
    constraint frozen_document_hash_is_of_content check (sha256 = sha256(content))
);
alter table contract add constraint contract_document_fkey
    foreign key (id, freeze_version) references frozen_document (contract_id, freeze_version);

-- One signature a party under one document, and the hash is the document's.
create table signature (
    contract_id    uuid        not null,
    freeze_version bigint      not null,
    party          text        not null,
    sha256         bytea       not null,
    signatory      text        not null,
    signatory_kind text        not null,
    signatory_role text        not null,
    title          text        not null,
    signed_at      timestamptz not null,
    constraint signature_pkey primary key (contract_id, freeze_version, party),
    constraint signature_document_fkey foreign key (contract_id, freeze_version, sha256)
        references frozen_document (contract_id, freeze_version, sha256),
    constraint signature_by_a_person check (signatory_kind = 'human'),
    constraint signature_role_of_party check (
        signatory_role = case when party = 'ars' then 'director_general' else 'establishment_director' end
    )
);

-- What was proposed, said, frozen or signed stays as it was.
create trigger contract_version_append_only before update or delete or truncate on contract_version
    for each statement execute function refuse_change();
create trigger opinion_append_only before update or delete or truncate on opinion
    for each statement execute function refuse_change();
create trigger frozen_document_append_only before update or delete or truncate on frozen_document
    for each statement execute function refuse_change();
create trigger signature_append_only before update or delete or truncate on signature
    for each statement execute function refuse_change();

grant select, insert, update on contract_counter, contract to cpom_app;
grant select, insert, delete on contract_party to cpom_app;
grant select, insert on contract_version, contract_site, opinion, frozen_document, signature to cpom_app;

-- A machine only lets time pass: SIGNED to IN_FORCE, IN_FORCE to EXPIRED.
grant select on
    contract, contract_version, contract_party, contract_site, opinion, frozen_document, signature
    to cpom_machine;
grant update (state, version, in_force_at, expired_at, updated_at) on contract to cpom_machine;
alter table contract enable row level security;
create policy contract_people on contract to cpom_app using (true) with check (true);
create policy contract_machine_reads on contract for select to cpom_machine using (true);
create policy contract_machine_lets_time_pass on contract for update to cpom_machine
    using (state in ('SIGNED', 'IN_FORCE'))
    with check (state in ('IN_FORCE', 'EXPIRED'));
