-- Case-mix: aggregates of the PMSI. Imports, coverage, cells and figures are only ever added; what is current for a
-- field, establishment and year is what was applied last.

-- From when on a quality gate stops a file. Dated: these are choices, not law.
create table case_mix_threshold (
    gate        text     not null,
    valid_from  date     not null,
    value       numeric  not null,
    source      text     not null,
    constraint case_mix_threshold_pkey primary key (gate, valid_from)
);

insert into case_mix_threshold (gate, valid_from, value, source) values
    ('ERROR_GROUPS',           '2010-01-01',   1, 'Part des séjours en erreur (CMD 90), en % ; usage des contrôles de l’ATIH'),
    ('JUMP_AGAINST_LAST_YEAR', '2010-01-01',  25, 'Écart de la moyenne mensuelle à l’année précédente, en % ; usage de l’import ARHGOS'),
    ('JUMP_SMALLEST',          '2010-01-01', 100, 'Cas de l’année précédente en dessous desquels un écart ne dit rien');

-- Dry runs: a file is applied once its bytes were looked at.
create table case_mix_check (
    sha256      text         not null,
    region      text         not null,
    field       text         not null,
    checked_at  timestamptz  not null,
    constraint case_mix_check_pkey primary key (sha256, region, field)
);

create table case_mix_import (
    id               uuid         not null,
    region           text         not null,
    field            text         not null,
    nomenclature     text         not null,
    source           text         not null,
    extraction_date  date         not null,
    file_name        text         not null,
    sha256           text         not null,
    accepted_gates   text[]       not null,
    justification    text         not null,
    applied_at       timestamptz  not null,
    constraint case_mix_import_pkey primary key (id)
);

create index case_mix_import_region_idx on case_mix_import (region, id);

-- For which establishments and years an import was the last word when it was applied, and up to which month.
create table case_mix_coverage (
    import      uuid         not null,
    field       text         not null,
    year        smallint     not null,
    finess      text         not null,
    month       smallint     not null,
    region      text         not null,
    applied_at  timestamptz  not null,
    constraint case_mix_coverage_pkey primary key (field, year, finess, import),
    constraint case_mix_coverage_import_fkey foreign key (import) references case_mix_import (id),
    constraint case_mix_coverage_month_check check (month between 1 and 12)
);

create index case_mix_coverage_current_idx on case_mix_coverage (field, year, finess, applied_at desc);

-- Cells. One row holds all classes of age and sex: forty classes and the unknown, each a count, -1 masked (1 to 10,
-- hidden by its producer) or -2 absent.
create table case_mix_vector (
    import     uuid               not null,
    year       smallint           not null,
    field      text  collate "C"  not null,
    finess     text  collate "C"  not null,
    activity   text  collate "C"  not null,
    mode       text  collate "C"  not null,
    unit       text  collate "C"  not null,
    residence  text  collate "C"  not null,
    known      bigint             not null,
    masked     int                not null,
    cells      int[]              not null
) partition by range (year);

create index case_mix_vector_import_idx on case_mix_vector (import, year, unit, activity);

create trigger case_mix_vector_append_only before update or delete on case_mix_vector
    for each row execute function refuse_change();

do $$
declare
    partition text;
begin
    for y in 2010..2035 loop
        partition := format('case_mix_vector_%s', y);
        execute format(
            'create table %I partition of case_mix_vector for values from (%s) to (%s)', partition, y, y + 1);
        execute format(
            'create trigger %I before truncate on %I for each statement execute function refuse_change()',
            partition || '_no_truncate', partition);
    end loop;
    create table case_mix_vector_other partition of case_mix_vector default;
    create trigger case_mix_vector_other_no_truncate before truncate on case_mix_vector_other
        for each statement execute function refuse_change();
end $$;

-- Cells of an establishment added up over residences and classes.
create table case_mix_figure (
    import    uuid               not null,
    year      smallint           not null,
    field     text  collate "C"  not null,
    finess    text  collate "C"  not null,
    activity  text  collate "C"  not null,
    mode      text  collate "C"  not null,
    unit      text  collate "C"  not null,
    known     bigint             not null,
    masked    bigint             not null,
    constraint case_mix_figure_pkey primary key (import, finess, year, activity, mode, unit)
);

-- Current cells of a region’s establishments added up over establishments: what rates are computed from. Derived, and
-- rebuilt for a field and year with each import.
create table case_mix_profile (
    field      text  collate "C"  not null,
    year       smallint           not null,
    region     text  collate "C"  not null,
    unit       text  collate "C"  not null,
    activity   text  collate "C"  not null,
    mode       text  collate "C"  not null,
    residence  text  collate "C"  not null,
    masked     int                not null,
    cells      int[]              not null
);

create index case_mix_profile_idx on case_mix_profile (field, year, unit, activity);

grant select on case_mix_threshold to cpom_app;
grant select, insert, update on case_mix_check to cpom_app;
grant select, insert on case_mix_import, case_mix_coverage, case_mix_vector, case_mix_figure to cpom_app;
grant select, insert, delete on case_mix_profile to cpom_app;
grant select on case_mix_import, case_mix_coverage, case_mix_figure to cpom_machine;

-- What the PMSI says of an indicator: which figures add up to it.
create table indicator_pmsi (
    indicator  text    not null,
    field      text    not null,
    unit       text    not null,
    modes      text[]  not null,
    constraint indicator_pmsi_pkey primary key (indicator),
    constraint indicator_pmsi_indicator_fkey foreign key (indicator) references indicator_definition (code)
);

insert into indicator_pmsi (indicator, field, unit, modes) values
    ('MCO_STAYS',      'MCO', 'stays',    '{full,ambulatory,part_time}'),
    ('MCO_FULL_STAYS', 'MCO', 'stays',    '{full}'),
    ('MCO_DAY_STAYS',  'MCO', 'stays',    '{ambulatory,part_time}'),
    ('MCO_SESSIONS',   'MCO', 'sessions', '{session}'),
    ('SMR_DAYS',       'SMR', 'days',     '{full,part_time}'),
    ('HAD_DAYS',       'HAD', 'days',     '{full}'),
    ('PSY_DAYS',       'PSY', 'days',     '{full}');

grant select on indicator_pmsi to cpom_app;
