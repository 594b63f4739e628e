-- What this service knows of contracts, from the events of the contracts service.
create table contract_copy (
    id              uuid    not null,
    region          text    not null,
    state           text    not null,
    legal_entities  text[]  not null,
    establishments  text[]  not null,
    effect_date     date    not null,
    end_date        date    not null,
    -- The target set it was frozen with.
    target_set_id   uuid,
    constraint contract_copy_pkey primary key (id),
    constraint contract_copy_state_check check (state in ('in_force', 'expired')),
    constraint contract_copy_term_check check (effect_date <= end_date)
);
create index contract_copy_term_idx on contract_copy (region, effect_date, end_date);
create index contract_copy_legal_entities_idx on contract_copy using gin (legal_entities);
create index contract_copy_establishments_idx on contract_copy using gin (establishments);

-- What this service knows of target sets in effect, from the events of the targets service.
create table target_set_copy (
    id           uuid    not null,
    -- The event it was last changed by: part of the source told in every calculation.
    version      bigint  not null,
    region       text    not null,
    contract_id  uuid    not null,
    state        text    not null,
    effect_date  date    not null,
    end_date     date    not null,
    objectives   jsonb   not null,
    constraint target_set_copy_pkey primary key (id),
    constraint target_set_copy_state_check check (state in ('in_effect', 'ended')),
    constraint target_set_copy_term_check check (effect_date <= end_date),
    constraint target_set_copy_objectives_check check (jsonb_typeof(objectives) = 'array')
);

-- Only consumers write copies.
grant select on contract_copy, target_set_copy to cpom_app;
grant select, insert, update on contract_copy, target_set_copy to cpom_machine;
