-- How far a measure may be from its target before a person looks at it: regional settings, dated and reasoned.
create table tolerance_policy (
    id                  uuid           not null,
    region              text           not null,
    first_year          integer        not null,
    last_year           integer        not null,
    conforming_percent  numeric(7, 4)  not null,
    minor_percent       numeric(7, 4)  not null,
    minimum_count       numeric(10, 4) not null,
    reasons             text           not null,
    author              text           not null,
    author_role         text           not null,
    -- The event that recorded it, and that a person did.
    created_by          uuid           not null,
    created_by_kind     text           not null default 'human',
    created_at          timestamptz    not null,
    constraint tolerance_policy_pkey primary key (id),
    constraint tolerance_policy_region_key unique (id, region),
    constraint tolerance_policy_created_by_fkey foreign key (created_by, created_by_kind)
        references event (id, actor_kind),
    constraint tolerance_policy_created_by_person check (created_by_kind = 'human'),
    constraint tolerance_policy_region_check check (region ~ '^[0-9]{2}$'),
    constraint tolerance_policy_years_check
        check (first_year between 1990 and last_year and last_year <= 2100),
    constraint tolerance_policy_bands_check
        check (conforming_percent >= 0 and minor_percent >= conforming_percent and minimum_count >= 0),
    constraint tolerance_policy_reasons_check check (reasons <> '')
);
create index tolerance_policy_list_idx on tolerance_policy (region, id);

create trigger tolerance_policy_append_only before update or delete or truncate on tolerance_policy
    for each statement execute function refuse_change();

grant select, insert on tolerance_policy to cpom_app;
grant select on tolerance_policy to cpom_machine;
