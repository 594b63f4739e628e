-- What this service knows of the registry, from the events of the establishments service: where sites are.
create table site_copy (
    finess       text not null,
    legal_entity text not null,
    -- INSEE code of the département of the site, where the registry has it.
    department   text,
    constraint site_copy_pkey primary key (finess)
);
create index site_copy_legal_entity_idx on site_copy (legal_entity);

-- Only consumers write copies.
grant select on site_copy to cpom_app;
grant select, insert, update on site_copy to cpom_machine;
