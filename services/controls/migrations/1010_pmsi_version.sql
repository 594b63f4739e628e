-- The PMSI data that the targets service held when a campaign was frozen: name, checksum and origin of each import that
-- counted. `pmsi_version` is the checksum over them; in campaigns frozen before, the name that a person gave.
alter table campaign
    add column pmsi_imports  jsonb  not null  default '[]',
    add constraint campaign_pmsi_imports_check check (jsonb_typeof(pmsi_imports) = 'array');

create or replace function refuse_frozen_change() returns trigger language plpgsql as $$
begin
    if old.state <> 'planned' and
        (new.freeze_time, new.contracts, new.policy_id, new.policy_version, new.pmsi_version, new.pmsi_imports,
            new.target_sets_sha256)
        is distinct from
        (old.freeze_time, old.contracts, old.policy_id, old.policy_version, old.pmsi_version, old.pmsi_imports,
            old.target_sets_sha256)
    then
        raise exception 'what a campaign froze stays as it is' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

grant update (pmsi_imports) on campaign to cpom_app;
