-- The registry. Closed records are kept: contracts and published series go on speaking of them.

create table legal_entity (
    finess       text        collate "C" not null,
    -- Number of events; also the etag.
    version      bigint      not null,
    state        text        not null,
    title        text        not null,
    region       text        not null,
    -- Statut juridique (TRE_R400); null when no source says it.
    legal_status text,
    siren        text,
    -- Known only through its sites.
    derived      boolean     not null,
    updated_at   timestamptz not null,
    constraint legal_entity_pkey primary key (finess),
    constraint legal_entity_finess_form check (finess ~ '^[0-9][0-9AB][0-9]{7}$'),
    constraint legal_entity_version_positive check (version > 0),
    constraint legal_entity_state_known check (state in ('OPEN', 'CLOSED')),
    constraint legal_entity_siren_form check (siren ~ '^[0-9]{9}$')
);
create index legal_entity_region_idx on legal_entity (region, finess);

create table establishment (
    finess         text         collate "C" not null,
    version        bigint       not null,
    state          text         not null,
    legal_entity   text         collate "C" not null,
    title          text         not null,
    region         text         not null,
    -- INSEE codes.
    department     text,
    commune_code   text,
    commune        text,
    category       text,
    category_title text,
    siret          text,
    -- Mode de fixation des tarifs (TRE_R74).
    tariff_mode    text,
    -- WGS84 degrees.
    latitude       numeric(9, 6),
    longitude      numeric(9, 6),
    updated_at     timestamptz  not null,
    constraint establishment_pkey primary key (finess),
    constraint establishment_legal_entity_fkey foreign key (legal_entity) references legal_entity (finess),
    constraint establishment_finess_form check (finess ~ '^[0-9][0-9AB][0-9]{7}$'),
    constraint establishment_version_positive check (version > 0),
    constraint establishment_state_known check (state in ('OPEN', 'CLOSED')),
    constraint establishment_siret_form check (siret ~ '^[0-9]{14}$'),
    constraint establishment_location_whole check ((latitude is null) = (longitude is null))
);
create index establishment_region_idx on establishment (region, finess);
create index establishment_legal_entity_idx on establishment (legal_entity, finess);

-- What each import that changed something did, with every line of its report.
create table registry_import (
    id          uuid        not null,
    region      text        not null,
    file_name   text        not null,
    sha256      text        not null,
    report      jsonb       not null,
    imported_at timestamptz not null,
    constraint registry_import_pkey primary key (id)
);

-- Nobody deletes. Only imports, which people and their tools ask for, write.
grant select, insert, update on legal_entity, establishment to cpom_app;
grant select, insert on registry_import to cpom_app;
grant select on legal_entity, establishment, registry_import to cpom_machine;
