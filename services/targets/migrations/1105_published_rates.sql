-- What was published. It never changes: a correction is another version of the series.
create table published_rate_set (
    series           text         not null,
    version          int          not null,
    region           text         not null,
    title            text         not null,
    field            text         not null,
    year             smallint     not null,
    unit             text         not null,
    -- The request’s basis as it was completed (protobuf).
    basis            bytea        not null,
    population_year  smallint     not null,
    method           text         not null,
    sources          text         not null,
    correction       text         not null,
    data_version     text         not null,
    threshold        int          not null,
    rates            bigint       not null,
    suppressed       bigint       not null,
    csv              bytea        not null,
    json             bytea        not null,
    sha256           text         not null,
    published_at     timestamptz  not null,
    constraint published_rate_set_pkey primary key (series, version),
    constraint published_rate_set_correction_check check (version = 1 or correction <> '')
);

create index published_rate_set_region_idx on published_rate_set (region);
create index published_rate_set_subject_idx on published_rate_set (field, year, unit);

create table published_rate (
    series             text  collate "C"  not null,
    version            int                not null,
    territory          text  collate "C"  not null,
    activity           text  collate "C"  not null,
    territory_title    text               not null,
    activity_label     text               not null,
    state              text               not null,
    cases              bigint,
    population         bigint,
    crude              double precision,
    direct             double precision,
    expected           double precision,
    index_value        double precision,
    index_low          double precision,
    index_high         double precision,
    indirect           double precision,
    ambulatory_cases   bigint,
    ambulatory_share   double precision,
    constraint published_rate_pkey primary key (series, version, territory, activity),
    constraint published_rate_set_fkey
        foreign key (series, version) references published_rate_set (series, version),
    constraint published_rate_state_check check (state in ('known', 'no_reference', 'suppressed')),
    -- Whoever reads this table reads nothing that is hidden.
    constraint published_rate_suppressed_check check (
        state <> 'suppressed'
        or (cases is null and crude is null and direct is null and index_value is null and indirect is null
            and expected is null and index_low is null and index_high is null
            and ambulatory_cases is null and ambulatory_share is null)
    )
);

-- The counts behind a publication, hidden ones included, by place of residence: what the next publication needs to
-- know so that nothing follows from both. Never served.
create table published_base (
    series      text      not null,
    version     int       not null,
    activity    text      not null,
    residences  text[]    not null,
    cases       bigint[]  not null,
    ambulatory  bigint[]  not null,
    constraint published_base_pkey primary key (series, version, activity),
    constraint published_base_set_fkey
        foreign key (series, version) references published_rate_set (series, version)
);

do $$
declare
    name text;
begin
    foreach name in array array['published_rate_set', 'published_rate', 'published_base'] loop
        execute format(
            'create trigger %I before update or delete on %I for each row execute function refuse_change()',
            name || '_append_only', name);
        execute format(
            'create trigger %I before truncate on %I for each statement execute function refuse_change()',
            name || '_no_truncate', name);
    end loop;
end $$;

grant select, insert on published_rate_set, published_rate, published_base to cpom_app;
