-- Calls for projects (CASF L313-1-1), from a need to the places that are authorised.
create table project_call (
    id          uuid         not null,
    version     bigint       not null,
    region      text         not null,
    state       text         not null,
    record      jsonb        not null,
    created_at  timestamptz  not null,
    updated_at  timestamptz  not null,
    constraint project_call_pkey primary key (id),
    constraint project_call_state_check
        check (
            state in ('prepared', 'published', 'examined', 'authorised', 'dropped') and record -> 'stage' ? state
        ),
    -- An authorisation names the person who gave it and the act it stands in.
    constraint project_call_authorisation_check check (
        state <> 'authorised'
        or (
            coalesce(record #>> '{stage,authorised,2,authorisation,by}', '') <> ''
            and coalesce(record #>> '{stage,authorised,2,authorisation,decision}', '') <> ''
        )
    )
);

create index project_call_region_idx on project_call (region, id);

-- How long candidates have to answer. It is told beside a calendar that departs from it, and blocks nothing.
create table project_call_rule (
    valid_from    date     not null,
    minimum_days  integer  not null,
    maximum_days  integer  not null,
    source        text     not null,
    constraint project_call_rule_pkey primary key (valid_from),
    constraint project_call_rule_days_check check (0 <= minimum_days and minimum_days <= maximum_days)
);

insert into project_call_rule (valid_from, minimum_days, maximum_days, source) values
    ('2010-08-01', 60, 120, 'CASF R313-4-1 (décret 2010-870 du 26 juillet 2010 ; durées à confirmer)');

grant select, insert, update on project_call to cpom_app;
grant select on project_call_rule to cpom_app;
