-- The control of one contract in one campaign. Listed when the campaign starts, measured once, then final.
create table control (
    id             uuid         not null,
    campaign_id    uuid         not null,
    contract_id    uuid         not null,
    region         text         not null,
    year           integer      not null,
    result         text         not null default 'scheduled',
    target_set_id  uuid,
    comparisons    jsonb        not null default '[]',
    measured_at    timestamptz,
    constraint control_pkey primary key (id),
    constraint control_campaign_contract_key unique (campaign_id, contract_id),
    constraint control_campaign_fkey foreign key (campaign_id) references campaign (id),
    constraint control_contract_fkey foreign key (contract_id) references contract_copy (id),
    constraint control_result_check
        check (result in ('scheduled', 'conforming', 'deviating', 'not_assessable')),
    constraint control_measured_check check ((result = 'scheduled') = (measured_at is null)),
    constraint control_comparisons_check check (jsonb_typeof(comparisons) = 'array')
);
create index control_scheduled_idx on control (campaign_id) where result = 'scheduled';
create index control_list_idx on control (region, id);
create index control_contract_idx on control (contract_id, id);

create function refuse_measured_change() returns trigger language plpgsql as $$
begin
    if old.result <> 'scheduled' then
        raise exception 'a measured control is final' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger control_measured_once before update on control
    for each row execute function refuse_measured_change();
create trigger control_kept before delete or truncate on control
    for each statement execute function refuse_change();

-- A person's command lists the population; only the worker measures.
grant select, insert on control to cpom_app;
grant select on control to cpom_machine;
grant update (result, target_set_id, comparisons, measured_at) on control to cpom_machine;
