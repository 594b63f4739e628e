-- How contracts end or go on, what each side thinks of an objective, and who may sign for a party without its office.

alter table contract
    add column moved_last_day   date,
    add column extensions       integer not null default 0,
    add column notice_procedure uuid,
    add column terminated_at    timestamptz,
    add column successor        uuid,
    add column renewed_at       timestamptz,
    add column closed_at        timestamptz,
    add column closure_reasons  text,
    drop constraint contract_state_known,
    drop constraint contract_frozen_when_signing,
    drop constraint contract_signed_at_when_signed,
    drop constraint contract_in_force_at_when_in_force,
    add constraint contract_state_known check (state in (
        'DRAFT', 'NEGOTIATION', 'CONSULTATION', 'READY_TO_SIGN', 'PARTIALLY_SIGNED', 'SIGNED', 'IN_FORCE',
        'NOTICE_OF_TERMINATION', 'TERMINATED', 'EXPIRED', 'RENEWED', 'CLOSED', 'ABANDONED'
    )),
    add constraint contract_frozen_when_signing check (
        (freeze_version is null) = (state in ('DRAFT', 'NEGOTIATION', 'CONSULTATION', 'ABANDONED'))
    ),
    add constraint contract_signed_at_when_signed check (
        (signed_at is null) = (state in (
            'DRAFT', 'NEGOTIATION', 'CONSULTATION', 'READY_TO_SIGN', 'PARTIALLY_SIGNED', 'ABANDONED'
        ))
    ),
    add constraint contract_in_force_at_when_in_force check (
        (in_force_at is null) = (state in (
            'DRAFT', 'NEGOTIATION', 'CONSULTATION', 'READY_TO_SIGN', 'PARTIALLY_SIGNED', 'SIGNED', 'ABANDONED'
        ))
    ),
    add constraint contract_notice_of_a_procedure check (
        (notice_procedure is not null) = (state in ('NOTICE_OF_TERMINATION', 'TERMINATED'))
    ),
    add constraint contract_terminated_at_when_terminated check ((terminated_at is not null) = (state = 'TERMINATED')),
    add constraint contract_successor_when_renewed check (
        num_nonnulls(successor, renewed_at) = case when state = 'RENEWED' then 2 else 0 end
    ),
    add constraint contract_reasons_when_closed check (
        num_nonnulls(closed_at, closure_reasons) = case when state = 'CLOSED' then 2 else 0 end
    ),
    add constraint contract_extensions_counted check (extensions >= 0),
    add constraint contract_successor_fkey foreign key (successor) references contract (id);
drop index contract_clock_idx;
create index contract_clock_idx on contract (state) where state in ('SIGNED', 'IN_FORCE', 'NOTICE_OF_TERMINATION');

-- A machine lets time pass: SIGNED to IN_FORCE, and the end of the last day to EXPIRED or, when the director general
-- named a successor, RENEWED. It gives no notice and terminates nothing.
grant update (notice_procedure, successor, renewed_at) on contract to cpom_machine;
drop policy contract_machine_lets_time_pass on contract;
create policy contract_machine_lets_time_pass on contract for update to cpom_machine
    using (state in ('SIGNED', 'IN_FORCE', 'NOTICE_OF_TERMINATION'))
    with check (state in ('IN_FORCE', 'EXPIRED', 'RENEWED'));

-- What each side said of each objective of a version. The last word counts.
create table contract_position (
    contract_id  uuid        not null,
    text_version integer     not null,
    objective    text        not null,
    side         text        not null,
    -- Version of the contract with which it was recorded.
    version      bigint      not null,
    stance       text        not null,
    comment      text        not null,
    author       text        not null,
    author_kind  text        not null,
    author_role  text        not null,
    recorded_at  timestamptz not null,
    constraint contract_position_pkey primary key (contract_id, text_version, objective, side, version),
    constraint contract_position_version_fkey foreign key (contract_id, text_version)
        references contract_version (contract_id, number),
    constraint contract_position_side_known check (side in ('ARS', 'ESTABLISHMENT')),
    constraint contract_position_stance_known check (stance in ('ACCEPTED', 'RESERVED', 'REFUSED')),
    constraint contract_position_by_a_person check (author_kind = 'human')
);
create trigger contract_position_append_only before update or delete or truncate on contract_position
    for each statement execute function refuse_change();

-- Mandates and published delegations.
create table mandate (
    id               uuid        not null,
    region           text        not null,
    party            text        not null,
    subject          text        not null,
    title            text        not null,
    act              text        not null,
    publication_date date        not null,
    valid_from       date        not null,
    valid_to         date,
    version          bigint      not null,
    author           text        not null,
    author_kind      text        not null,
    author_role      text        not null,
    created_at       timestamptz not null,
    constraint mandate_pkey primary key (id),
    constraint mandate_of_a_person_key unique (id, party, subject),
    constraint mandate_dates_ordered check (valid_to >= valid_from),
    constraint mandate_not_for_oneself check (author <> subject),
    constraint mandate_by_a_person check (author_kind = 'human'),
    constraint mandate_version_positive check (version > 0)
);
create index mandate_person_idx on mandate (subject);
create index mandate_list_idx on mandate (region, created_at, id);

-- The office says who signs; without it, a mandate of that very person for that very party.
alter table signature
    add column mandate uuid,
    drop constraint signature_role_of_party,
    add constraint signature_entitled check (
        mandate is not null
        or signatory_role is not distinct from case
            when party = 'ars' then 'director_general'
            when party like 'legalEntities/%' then 'establishment_director'
        end
    ),
    add constraint signature_mandate_fkey foreign key (mandate, party, signatory)
        references mandate (id, party, subject);

grant select, insert on contract_position to cpom_app;
grant select, insert on mandate to cpom_app;
grant update (valid_to, version) on mandate to cpom_app;
grant select on contract_position, mandate to cpom_machine;
