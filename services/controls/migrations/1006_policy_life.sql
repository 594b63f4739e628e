-- The life of a policy: draft, simulated, adopted. Its rules never change, and one policy is in effect at a time for a
-- region and year.
drop trigger tolerance_policy_append_only on tolerance_policy;

alter table tolerance_policy
    add column version               bigint      not null default 1,
    add column state                 text        not null default 'draft',
    add column bands                 jsonb       not null default '[]',
    add column neutralised_years     jsonb       not null default '[]',
    add column priority_after_years  integer     not null default 0,
    add column chance_excluded       boolean     not null default false,
    -- What it would have raised in past years.
    add column simulations           jsonb       not null default '[]',
    add column effect_date           date,
    add column replace_date          date,
    add column adopter               text,
    add column adopter_role          text,
    add column adopted_at            timestamptz,
    -- The event that adopted it, and that a person did.
    add column adopted_by            uuid,
    add column adopted_by_kind       text,
    add constraint tolerance_policy_state_check check (state in ('draft', 'simulated', 'adopted')),
    add constraint tolerance_policy_jsons_check check (
        jsonb_typeof(bands) = 'array' and jsonb_typeof(neutralised_years) = 'array'
        and jsonb_typeof(simulations) = 'array'
    ),
    add constraint tolerance_policy_priority_check check (priority_after_years between 0 and 10),
    add constraint tolerance_policy_adopted_by_fkey foreign key (adopted_by, adopted_by_kind)
        references event (id, actor_kind),
    add constraint tolerance_policy_adopted_by_person check (adopted_by_kind = 'human'),
    add constraint tolerance_policy_adoption_check check (
        num_nulls(effect_date, adopter, adopter_role, adopted_at, adopted_by, adopted_by_kind)
            = case when state = 'adopted' then 0 else 6 end
        and (replace_date is null or state = 'adopted' and replace_date >= effect_date)
    ),
    -- Two policies are never in effect for the same region, year and day.
    add constraint tolerance_policy_overlap exclude using gist (
        int4range(region::integer, region::integer, '[]') with &&,
        int4range(first_year, last_year, '[]') with &&,
        daterange(effect_date, replace_date, '[)') with &&
    ) where (state = 'adopted');

create trigger tolerance_policy_kept before delete or truncate on tolerance_policy
    for each statement execute function refuse_change();

-- Once adopted, only the day from which another policy replaces it is written, once.
create function refuse_adopted_change() returns trigger language plpgsql as $$
begin
    if old.state = 'adopted' and (
        old.replace_date is not null
        or (new.state, new.effect_date, new.adopted_by, new.simulations)
            is distinct from (old.state, old.effect_date, old.adopted_by, old.simulations)
    ) then
        raise exception 'an adopted policy stays as it is' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger tolerance_policy_adopted_once before update on tolerance_policy
    for each row execute function refuse_adopted_change();

grant update (version, state, simulations, effect_date, replace_date, adopter, adopter_role, adopted_at, adopted_by,
    adopted_by_kind) on tolerance_policy to cpom_app;
