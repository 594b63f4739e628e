-- Divisions of regions in dated versions. A version is written once.
create table territory_version (
    id           text         not null,
    kind         text         not null,
    composed_of  text         not null,
    region       text         not null,
    valid_from   date         not null,
    valid_to     date,
    -- Version of the geography that it covers.
    geography    text         not null,
    source       text         not null,
    file_name    text         not null,
    sha256       text         not null,
    territories  bigint       not null,
    areas        bigint       not null,
    created_at   timestamptz  not null,
    constraint territory_version_pkey primary key (id),
    constraint territory_version_composed_of_check check (composed_of in ('commune', 'department')),
    constraint territory_version_dates_check check (valid_to is null or valid_from <= valid_to)
);

create index territory_version_region_idx on territory_version (region, id);

create table territory (
    version  text               not null,
    code     text  collate "C"  not null,
    title    text               not null,
    areas    text[]             not null,
    constraint territory_pkey primary key (version, code),
    constraint territory_version_fkey foreign key (version) references territory_version (id)
);

create index territory_areas_idx on territory using gin (areas);

-- Inhabitants of one year from one source. `version` counts its imports.
create table population (
    id           text         not null,
    version      bigint       not null,
    year         smallint     not null,
    areas        text         not null,
    source       text         not null,
    file_name    text         not null,
    sha256       text         not null,
    area_count   bigint       not null,
    inhabitants  bigint       not null,
    created_at   timestamptz  not null,
    constraint population_pkey primary key (id),
    constraint population_areas_check check (areas in ('commune', 'department'))
);

-- Forty classes: men by five-year age class from 0–4 to 95 and over, then women.
create table population_area (
    population  text               not null,
    area        text  collate "C"  not null,
    classes     int[]              not null,
    constraint population_area_pkey primary key (population, area),
    constraint population_area_population_fkey foreign key (population) references population (id),
    constraint population_area_classes_check check (cardinality(classes) = 40)
);

grant select, insert on territory_version, territory to cpom_app;
grant select, insert, update on population to cpom_app;
grant select, insert, delete on population_area to cpom_app;
grant select on territory_version, territory, population, population_area to cpom_machine;
