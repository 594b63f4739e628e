-- A deviation or a missing measure, to be looked at by people. It has no legal effect: there is no column here, and
-- no state, that means one. `version` counts its events and is its etag.
create table finding (
    id                  uuid         not null,
    version             bigint       not null,
    region              text         not null,
    campaign_id         uuid         not null,
    control_id          uuid         not null,
    contract_id         uuid         not null,
    year                integer      not null,
    -- Identifier of the objective within its target set.
    objective           text         not null,
    state               text         not null,
    severity            text         not null,
    opposable           boolean      not null,
    penalty_eligible    boolean      not null,
    trace               jsonb        not null,
    raised_at           timestamptz  not null,
    withdrawal_reasons  text,
    withdrawn_at        timestamptz,
    -- The event that withdrew it, and that a person did.
    withdrawn_by        uuid,
    withdrawn_by_kind   text,
    constraint finding_pkey primary key (id),
    constraint finding_objective_key unique (control_id, objective),
    constraint finding_campaign_fkey foreign key (campaign_id) references campaign (id),
    constraint finding_control_fkey foreign key (control_id) references control (id),
    constraint finding_withdrawn_by_fkey foreign key (withdrawn_by, withdrawn_by_kind)
        references event (id, actor_kind),
    constraint finding_withdrawn_by_person check (withdrawn_by_kind = 'human'),
    constraint finding_state_check check (state in ('raised', 'withdrawn')),
    -- Graver than major is for a person to say, in a review.
    constraint finding_severity_check check (severity in ('info', 'minor', 'major')),
    constraint finding_penalty_check check (opposable or not penalty_eligible),
    constraint finding_withdrawal_check check (
        num_nulls(withdrawal_reasons, withdrawn_at, withdrawn_by, withdrawn_by_kind)
            = case when state = 'raised' then 4 else 0 end
    )
);
create index finding_campaign_idx on finding (campaign_id, id);
create index finding_list_idx on finding (region, id);
create index finding_contract_idx on finding (contract_id, id);

-- What was established never changes; a withdrawal is final.
create function refuse_withdrawn_change() returns trigger language plpgsql as $$
begin
    if old.state <> 'raised' then
        raise exception 'a withdrawn finding is final' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger finding_withdrawn_once before update on finding
    for each row execute function refuse_withdrawn_change();
create trigger finding_kept before delete or truncate on finding
    for each statement execute function refuse_change();

-- Only the worker raises; only a person's command withdraws.
grant select, insert on finding to cpom_machine;
grant select on finding to cpom_app;
grant update (version, state, withdrawal_reasons, withdrawn_at, withdrawn_by, withdrawn_by_kind)
    on finding to cpom_app;
