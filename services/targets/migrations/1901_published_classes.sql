-- What the standardised rates of a publication were computed from, hidden counts included: the next publication needs it so
-- that no class of age and sex follows from both. Never served.
create table published_class (
    series      text    not null,
    version     int     not null,
    activity    text    not null,
    residences  text[]  not null,
    -- Of each residence in turn, forty classes as in population_area and the cases without class.
    cells       int[]   not null,
    constraint published_class_pkey primary key (series, version, activity),
    constraint published_class_set_fkey
        foreign key (series, version) references published_rate_set (series, version),
    constraint published_class_cells_check check (cardinality(cells) = 41 * cardinality(residences))
);

-- A population may be imported again: this one is what was counted then. What territories are compared with has no code.
create table published_inhabitants (
    series     text      not null,
    version    int       not null,
    territory  text      not null,
    classes    bigint[]  not null,
    constraint published_inhabitants_pkey primary key (series, version, territory),
    constraint published_inhabitants_set_fkey
        foreign key (series, version) references published_rate_set (series, version),
    constraint published_inhabitants_classes_check check (cardinality(classes) = 40)
);

do $$
declare
    name text;
begin
    foreach name in array array['published_class', 'published_inhabitants'] loop
        execute format(
            'create trigger %I before update or delete on %I for each row execute function refuse_change()',
            name || '_append_only', name);
        execute format(
            'create trigger %I before truncate on %I for each statement execute function refuse_change()',
            name || '_no_truncate', name);
    end loop;
end $$;

grant select, insert on published_class, published_inhabitants to cpom_app;
