-- What this service knows of contracts, from the events of the contracts service.
create table contract_copy (
    id              uuid    not null,
    region          text    not null,
    state           text    not null,
    legal_entities  text[]  not null,
    establishments  text[]  not null,
    effect_date     date    not null,
    end_date        date    not null,
    constraint contract_copy_pkey primary key (id),
    constraint contract_copy_state_check
        check (state in ('open', 'frozen', 'in_force', 'expired', 'abandoned')),
    constraint contract_copy_term_check check (effect_date <= end_date)
);

create index contract_copy_region_idx on contract_copy (region);
create index contract_copy_legal_entities_idx on contract_copy using gin (legal_entities);
create index contract_copy_establishments_idx on contract_copy using gin (establishments);

grant select on contract_copy to cpom_app;
grant select, insert, update on contract_copy to cpom_machine;
