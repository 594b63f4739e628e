-- The dialogue of a territory: who was invited, what was said, on which figures.
create table territory_dialogue (
    id          uuid         not null,
    version     bigint       not null,
    region      text         not null,
    -- `territoryVersions/{version_id}/territories/{code}`.
    territory   text         not null,
    title       text         not null,
    state       text         not null,
    -- Participants, sessions, diagnosis and retained projections.
    record      jsonb        not null,
    conclusion  text,
    created_at  timestamptz  not null,
    updated_at  timestamptz  not null,
    constraint territory_dialogue_pkey primary key (id),
    constraint territory_dialogue_state_check check (state in ('open', 'closed')),
    constraint territory_dialogue_conclusion_check check ((conclusion is not null) = (state = 'closed'))
);

create index territory_dialogue_region_idx on territory_dialogue (region, id);

-- A negotiated change of activity, with the positions of all establishments.
create table inflection (
    id              uuid         not null,
    version         bigint       not null,
    region          text         not null,
    dialogue        uuid         not null,
    territory       text         not null,
    indicator       text         not null,
    proposal        jsonb        not null,
    positions       jsonb        not null,
    state           text         not null,
    decided_by      text,
    decided_at      timestamptz,
    drop_reasons    text,
    created_at      timestamptz  not null,
    updated_at      timestamptz  not null,
    constraint inflection_pkey primary key (id),
    constraint inflection_dialogue_fkey foreign key (dialogue) references territory_dialogue (id),
    constraint inflection_state_check check (
        case state
            when 'proposed' then decided_by is null and decided_at is null and drop_reasons is null
            when 'agreed' then decided_by is not null and decided_at is not null and drop_reasons is null
            when 'dropped' then decided_by is not null and decided_at is not null and drop_reasons is not null
            else false
        end
    )
);

create index inflection_dialogue_idx on inflection (dialogue, id);
create index inflection_region_idx on inflection (region, indicator) where state = 'agreed';

-- People propose, take positions, agree and drop; no machine does.
grant select, insert, update on territory_dialogue, inflection to cpom_app;
