-- The objectives of a contract. `version` counts the events of the set and is its etag.
create table target_set (
    id           uuid         not null,
    version      bigint       not null,
    region       text         not null,
    contract     uuid         not null,
    state        text         not null,
    -- The one side that has agreed to a draft.
    agreed_side  text,
    effect_date  date,
    end_date     date,
    objectives   jsonb        not null,
    note         text         not null,
    created_at   timestamptz  not null,
    updated_at   timestamptz  not null,
    constraint target_set_pkey primary key (id),
    constraint target_set_state_check check (state in ('draft', 'agreed', 'in_effect', 'ended')),
    constraint target_set_agreed_side_check
        check (agreed_side is null or (state = 'draft' and agreed_side in ('ars', 'establishment'))),
    -- A set has dates while it is in effect, and keeps them once it has ended.
    constraint target_set_term_check check (
        case state
            when 'in_effect' then effect_date is not null and end_date is not null
            when 'ended' then (effect_date is null) = (end_date is null)
            else effect_date is null and end_date is null
        end
    ),
    constraint target_set_note_check check (jsonb_array_length(objectives) > 0 or note <> '')
);

-- One living set for a contract.
create unique index target_set_contract_key on target_set (contract) where state <> 'ended';
create index target_set_contract_idx on target_set (contract);
create index target_set_region_idx on target_set (region, id);

-- A set begins with a person; the life of its contract only moves it on.
grant select, insert, update on target_set to cpom_app;
grant select, update on target_set to cpom_machine;
