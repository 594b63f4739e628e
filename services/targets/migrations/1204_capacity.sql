-- Medico-social places: authorised, installed and financed, each from a day on. Nothing is ever changed: a later record of
-- the same line, kind and first day corrects the earlier one.
create table capacity (
    recording      uuid                    not null,
    region         text                    not null,
    establishment  text    collate "C"     not null,
    -- The line within the establishment.
    line           text    collate "C"     not null,
    -- FINESS category.
    category       text                    not null,
    kind           text    collate "C"     not null,
    mode           text                    not null,
    public         text                    not null,
    places         integer                 not null,
    -- Days of opening in a year; none for every day.
    opening_days   integer,
    valid_from     date                    not null,
    -- INSEE code.
    commune        text                    not null,
    plans          text[]                  not null,
    -- The act the places stand in.
    decision       text                    not null,
    recorded_at    timestamptz             not null,
    constraint capacity_pkey primary key (establishment, line, kind, valid_from, recording),
    constraint capacity_kind_check check (kind in ('authorised', 'installed', 'financed')),
    constraint capacity_mode_check
        check (mode in ('permanent', 'temporary', 'day', 'boarding', 'semi_boarding', 'home')),
    constraint capacity_public_check check (
        public in ('older_people', 'disabled_children', 'disabled_adults', 'specific_difficulties')
    ),
    constraint capacity_places_check check (places >= 0 and (opening_days between 1 and 366 or opening_days is null))
);

create index capacity_region_idx on capacity (region, public);

create trigger capacity_append_only before update or delete on capacity
    for each row execute function refuse_change();
create trigger capacity_no_truncate before truncate on capacity
    for each statement execute function refuse_change();

grant select, insert on capacity to cpom_app;
