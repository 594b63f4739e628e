-- What this service knows of the registry, from the events of the establishments service: where production is.
create table registry_copy (
    finess        text     not null,
    -- A site, or a legal entity, under whose number some producers report.
    is_site       boolean  not null,
    legal_entity  text,
    region        text     not null,
    -- INSEE code of the commune of a site, when the registry knows it.
    commune       text,
    is_open       boolean  not null,
    constraint registry_copy_pkey primary key (finess)
);

create index registry_copy_region_idx on registry_copy (region);
create index registry_copy_legal_entity_idx on registry_copy (legal_entity);

grant select on registry_copy to cpom_app;
grant select, insert, update on registry_copy to cpom_machine;
