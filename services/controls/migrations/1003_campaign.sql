-- The control of every contract of a region for a year. `version` counts its events and is its etag.
create table campaign (
    id               uuid         not null,
    version          bigint       not null,
    region           text         not null,
    year             integer      not null,
    policy_id        uuid         not null,
    state            text         not null,
    -- Values received after this instant are not part of the campaign.
    freeze_time      timestamptz,
    -- How many contracts were in force at least one day of the year.
    contracts        bigint,
    -- The event that started it, and that a person did; the worker continues its trace.
    started_by       uuid,
    started_by_kind  text,
    created_at       timestamptz  not null,
    updated_at       timestamptz  not null,
    constraint campaign_pkey primary key (id),
    constraint campaign_policy_fkey foreign key (policy_id, region)
        references tolerance_policy (id, region),
    constraint campaign_started_by_fkey foreign key (started_by, started_by_kind)
        references event (id, actor_kind),
    constraint campaign_started_by_person check (started_by_kind = 'human'),
    constraint campaign_year_check check (year between 1990 and 2100),
    constraint campaign_state_check check (state in ('planned', 'running', 'measured', 'closed')),
    constraint campaign_start_check check (
        num_nulls(freeze_time, contracts, started_by, started_by_kind)
            = case when state = 'planned' then 4 else 0 end
    ),
    constraint campaign_contracts_check check (contracts >= 0)
);
-- One campaign at a time for a region and year; once closed, people may order another.
create unique index campaign_open_key on campaign (region, year) where state <> 'closed';
create index campaign_list_idx on campaign (region, id);
create index campaign_running_idx on campaign (id) where state = 'running';

-- The worker reports that all is measured; it can neither plan, start nor close.
create function campaign_machine_rights() returns trigger language plpgsql as $$
begin
    if current_user = 'cpom_machine' and (old.state <> 'running' or new.state <> 'measured') then
        raise exception 'only a person starts or closes a campaign' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger campaign_machine_rights before update on campaign
    for each row execute function campaign_machine_rights();

grant select, insert on campaign to cpom_app;
grant update (version, state, freeze_time, contracts, started_by, started_by_kind, updated_at)
    on campaign to cpom_app;
grant select on campaign to cpom_machine;
grant update (version, state, updated_at) on campaign to cpom_machine;
