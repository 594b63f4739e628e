-- The outlines of the territories of a version: of all of them. `revision` counts their imports, since better outlines
-- may replace those of the same territories.
create table territory_outlines (
    version        text         not null,
    revision       bigint       not null,
    code_property  text         not null,
    source         text         not null,
    licence        text         not null,
    file_name      text         not null,
    sha256         text         not null,
    territories    bigint       not null,
    points_read    bigint       not null,
    points         bigint       not null,
    created_at     timestamptz  not null,
    constraint territory_outlines_pkey primary key (version),
    constraint territory_outlines_version_fkey foreign key (version) references territory_version (id)
);

-- Closed lines: of each polygon of a territory its border (0), then its holes. Longitude, latitude, longitude …
-- in hundred-thousandths of a degree; the first point is not repeated.
create table territory_ring (
    version      text               not null,
    code         text  collate "C"  not null,
    polygon      int                not null,
    ring         int                not null,
    coordinates  int[]              not null,
    constraint territory_ring_pkey primary key (version, code, polygon, ring),
    constraint territory_ring_outlines_fkey foreign key (version) references territory_outlines (version),
    constraint territory_ring_territory_fkey foreign key (version, code) references territory (version, code),
    constraint territory_ring_coordinates_check
        check (cardinality(coordinates) >= 6 and cardinality(coordinates) % 2 = 0)
);

grant select, insert, update on territory_outlines to cpom_app;
grant select, insert, delete on territory_ring to cpom_app;
grant select on territory_outlines, territory_ring to cpom_machine;
