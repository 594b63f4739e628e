-- The register of cooperations: who joins means with whom, and what it saves. Nothing is ever deleted.
create table cooperation (
    id          uuid         not null,
    version     bigint       not null,
    region      text         not null,
    state       text         not null,
    record      jsonb        not null,
    created_at  timestamptz  not null,
    updated_at  timestamptz  not null,
    constraint cooperation_pkey primary key (id),
    constraint cooperation_state_check check (
        case state
            when 'active' then record -> 'state' = '"active"'
            when 'ended' then record -> 'state' ? 'ended'
            else false
        end
    )
);

create index cooperation_region_idx on cooperation (region, id);

grant select, insert, update on cooperation to cpom_app;
