-- What a campaign compares is fixed before anything is measured, and the parties are told before it is closed.

-- Every version of the target sets in effect: a campaign keeps the one it froze.
create table target_set_version (
    id          uuid   not null,
    version     bigint not null,
    objectives  jsonb  not null,
    constraint target_set_version_pkey primary key (id, version),
    constraint target_set_version_objectives_check check (jsonb_typeof(objectives) = 'array')
);
create trigger target_set_version_append_only before update or delete or truncate on target_set_version
    for each statement execute function refuse_change();
insert into target_set_version (id, version, objectives) select id, version, objectives from target_set_copy;
grant select on target_set_version to cpom_app;
grant select, insert on target_set_version to cpom_machine;

alter table campaign
    drop constraint campaign_state_check,
    drop constraint campaign_start_check,
    -- The version of the policy, as its etag told it.
    add column policy_version      bigint,
    add column pmsi_version        text,
    add column target_sets         bigint,
    add column target_sets_sha256  bytea,
    -- Who started it: they do not review what the campaign finds.
    add column controller          text,
    add column controller_role     text,
    -- The events that froze and shared it, and that a person did.
    add column frozen_by           uuid,
    add column frozen_by_kind      text,
    add column shared_at           timestamptz,
    add column share_message       text,
    add column shared_by           uuid,
    add column shared_by_kind      text,
    add constraint campaign_state_check
        check (state in ('planned', 'frozen', 'running', 'measured', 'shared', 'closed')),
    add constraint campaign_frozen_by_fkey foreign key (frozen_by, frozen_by_kind)
        references event (id, actor_kind),
    add constraint campaign_frozen_by_person check (frozen_by_kind = 'human'),
    add constraint campaign_shared_by_fkey foreign key (shared_by, shared_by_kind)
        references event (id, actor_kind),
    add constraint campaign_shared_by_person check (shared_by_kind = 'human'),
    add constraint campaign_freeze_check check (
        num_nulls(freeze_time, contracts, policy_version, pmsi_version, target_sets, target_sets_sha256,
            frozen_by, frozen_by_kind)
            = case when state = 'planned' then 8 else 0 end
    ),
    add constraint campaign_start_check check (
        num_nulls(started_by, started_by_kind, controller, controller_role)
            = case when state in ('planned', 'frozen') then 4 else 0 end
    ),
    add constraint campaign_share_check check (
        num_nulls(shared_at, share_message, shared_by, shared_by_kind)
            = case when state in ('shared', 'closed') then 0 else 4 end
    );

-- The worker reports that all is measured, and a consumer that a contract is late; neither does anything else.
create or replace function campaign_machine_rights() returns trigger language plpgsql as $$
begin
    if current_user = 'cpom_machine'
        and old.state <> new.state
        and (old.state <> 'running' or new.state <> 'measured') then
        raise exception 'only a person freezes, starts, shares or closes a campaign'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

-- What was frozen stays as it was.
create function refuse_frozen_change() returns trigger language plpgsql as $$
begin
    if old.state <> 'planned' and
        (new.freeze_time, new.contracts, new.policy_id, new.policy_version, new.pmsi_version, new.target_sets_sha256)
        is distinct from
        (old.freeze_time, old.contracts, old.policy_id, old.policy_version, old.pmsi_version, old.target_sets_sha256)
    then
        raise exception 'what a campaign froze stays as it is' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger campaign_frozen_once before update on campaign
    for each row execute function refuse_frozen_change();

grant update (policy_version, pmsi_version, target_sets, target_sets_sha256, frozen_by, frozen_by_kind, controller,
    controller_role, shared_at, share_message, shared_by, shared_by_kind) on campaign to cpom_app;

-- The target set and version that the campaign compares are written with the population.
-- Kept to the byte, because the event of the measure carries their hash.
alter table control
    drop constraint control_comparisons_check,
    alter column comparisons drop default,
    alter column comparisons type json using comparisons::json,
    alter column comparisons set default '[]',
    add constraint control_comparisons_check check (json_typeof(comparisons) = 'array');

alter table control
    add column target_set_version  bigint,
    add column late_reason         text,
    add constraint control_late_reason_check check (late_reason in ('known_after_freeze', 'term_changed')),
    add constraint control_target_set_check check ((target_set_id is null) = (target_set_version is null));

-- A contract that became known after the data were frozen.
create table late_contract (
    campaign_id  uuid        not null,
    contract_id  uuid        not null,
    reason       text        not null,
    -- None when the campaign was closed already.
    control_id   uuid,
    noticed_at   timestamptz not null,
    constraint late_contract_pkey primary key (campaign_id, contract_id),
    constraint late_contract_campaign_fkey foreign key (campaign_id) references campaign (id),
    constraint late_contract_contract_fkey foreign key (contract_id) references contract_copy (id),
    constraint late_contract_control_fkey foreign key (control_id) references control (id),
    constraint late_contract_reason_check check (reason in ('known_after_freeze', 'term_changed'))
);
create trigger late_contract_append_only before update or delete or truncate on late_contract
    for each statement execute function refuse_change();

create function control_machine_rights() returns trigger language plpgsql as $$
begin
    if current_user = 'cpom_machine' and new.late_reason is null then
        raise exception 'only a person lists a population' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger control_machine_rights before insert on control
    for each row execute function control_machine_rights();

grant insert, update (target_set_version) on control to cpom_machine;
grant select on late_contract to cpom_app;
grant select, insert on late_contract to cpom_machine;
