-- What events raise on contracts for a person to look at. A machine raises, a person completes.

create table task (
    id           uuid        not null,
    region       text        not null,
    contract_id  uuid        not null,
    kind         text        not null,
    subject      text        not null,
    explanation  text        not null,
    version      bigint      not null,
    raised_at    timestamptz not null,
    done_at      timestamptz,
    note         text,
    done_by      text,
    done_by_kind text,
    done_by_role text,
    constraint task_pkey primary key (id),
    constraint task_contract_fkey foreign key (contract_id) references contract (id),
    constraint task_kind_known check (kind in ('SITE_CLOSED', 'SITE_TRANSFERRED', 'PARTY_CLOSED', 'TACIT_RENEWAL')),
    constraint task_version_positive check (version > 0),
    constraint task_done_facts check (num_nonnulls(done_at, note, done_by, done_by_kind, done_by_role) in (0, 5)),
    constraint task_done_by_a_person check (done_by_kind = 'human')
);
create index task_list_idx on task (region, raised_at, id);
create index task_contract_idx on task (contract_id);
-- The same news twice is one task.
create unique index task_open_once on task (contract_id, kind, subject) where done_at is null;

grant select on task to cpom_app, cpom_machine;
grant insert (id, region, contract_id, kind, subject, explanation, version, raised_at) on task to cpom_machine;
grant update (version, done_at, note, done_by, done_by_kind, done_by_role) on task to cpom_app;

-- Which contracts a closed or transferred site concerns.
create index contract_version_site_idx on contract_version using gin (establishments);
