-- Renewals, evaluations and meetings.

create table renewal (
    id              uuid        not null,
    contract_id     uuid        not null,
    region          text        not null,
    version         bigint      not null,
    state           text        not null,
    request         text        not null,
    requested_by    text        not null,
    requested_kind  text        not null,
    requested_role  text        not null,
    receipt_date    date        not null,
    late            boolean     not null,
    answer_due_date date        not null,
    reasons         text,
    decided_by      text,
    decided_kind    text,
    decided_role    text,
    decided_at      timestamptz,
    successor       uuid,
    new_end_date    date,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    constraint renewal_pkey primary key (id),
    constraint renewal_contract_fkey foreign key (contract_id) references contract (id),
    constraint renewal_successor_fkey foreign key (successor) references contract (id),
    constraint renewal_version_positive check (version > 0),
    constraint renewal_state_known check (state in ('REQUESTED', 'GRANTED', 'REFUSED', 'TACIT', 'TACIT_CONFIRMED')),
    constraint renewal_requested_by_a_person check (requested_kind = 'human'),
    -- Granting, refusing and confirming are acts of people with written reasons; silence has neither.
    constraint renewal_decided_facts check (
        num_nonnulls(reasons, decided_by, decided_kind, decided_role, decided_at)
        = case when state in ('GRANTED', 'REFUSED', 'TACIT_CONFIRMED') then 5 else 0 end
    ),
    constraint renewal_decided_by_a_person check (decided_kind = 'human'),
    constraint renewal_reasons_written check (reasons ~ '[[:alnum:]]'),
    constraint renewal_successor_when_granted check ((successor is not null) = (state = 'GRANTED')),
    constraint renewal_term_when_confirmed check ((new_end_date is not null) = (state = 'TACIT_CONFIRMED'))
);
-- A contract is asked for again only after a refusal.
create unique index renewal_one_stands on renewal (contract_id) where state <> 'REFUSED';
create index renewal_contract_idx on renewal (contract_id, created_at);
create index renewal_clock_idx on renewal (answer_due_date) where state = 'REQUESTED';

grant select, insert, update on renewal to cpom_app;
-- A machine only records that the months of the agency have passed in silence (CSP L6114-1).
grant select on renewal to cpom_machine;
grant update (state, version, updated_at) on renewal to cpom_machine;
alter table renewal enable row level security;
create policy renewal_people on renewal to cpom_app using (true) with check (true);
create policy renewal_machine_reads on renewal for select to cpom_machine using (true);
create policy renewal_machine_lets_time_pass on renewal for update to cpom_machine
    using (state = 'REQUESTED')
    with check (state = 'TACIT');

create table evaluation (
    id             uuid        not null,
    contract_id    uuid        not null,
    region         text        not null,
    version        bigint      not null,
    state          text        not null,
    kind           text        not null,
    year           integer     not null,
    due_date       date        not null,
    report         text,
    reported_by    text,
    reported_kind  text,
    reported_role  text,
    reported_at    timestamptz,
    assessments    jsonb,
    conclusion     text,
    concluded_by   text,
    concluded_kind text,
    concluded_role text,
    concluded_at   timestamptz,
    created_at     timestamptz not null,
    constraint evaluation_pkey primary key (id),
    constraint evaluation_contract_fkey foreign key (contract_id) references contract (id),
    constraint evaluation_once unique (contract_id, kind, year),
    constraint evaluation_version_positive check (version > 0),
    constraint evaluation_kind_known check (kind in ('ANNUAL', 'MID_TERM', 'FINAL')),
    constraint evaluation_state_known check (state in ('PLANNED', 'REPORTED', 'CONCLUDED')),
    constraint evaluation_reported_facts check (
        num_nonnulls(report, reported_by, reported_kind, reported_role, reported_at)
        = case when state = 'PLANNED' then 0 else 5 end
    ),
    constraint evaluation_concluded_facts check (
        num_nonnulls(assessments, conclusion, concluded_by, concluded_kind, concluded_role, concluded_at)
        = case when state = 'CONCLUDED' then 6 else 0 end
    ),
    constraint evaluation_by_people check (reported_kind = 'human' and concluded_kind = 'human')
);
create index evaluation_contract_idx on evaluation (contract_id, due_date);

create table meeting (
    id            uuid        not null,
    contract_id   uuid        not null,
    region        text        not null,
    version       bigint      not null,
    kind          text        not null,
    date          date        not null,
    agenda        text        not null,
    minutes       text,
    attendees     text[],
    decisions     jsonb,
    recorded_by   text,
    recorded_kind text,
    recorded_role text,
    recorded_at   timestamptz,
    created_at    timestamptz not null,
    constraint meeting_pkey primary key (id),
    constraint meeting_contract_fkey foreign key (contract_id) references contract (id),
    constraint meeting_version_positive check (version > 0),
    constraint meeting_kind_known check (kind in ('REVIEW', 'COMMITTEE')),
    constraint meeting_recorded_facts check (
        num_nonnulls(minutes, attendees, decisions, recorded_by, recorded_kind, recorded_role, recorded_at) in (0, 7)
    ),
    constraint meeting_recorded_by_a_person check (recorded_kind = 'human')
);
create index meeting_contract_idx on meeting (contract_id, date);

grant select, insert, update on evaluation, meeting to cpom_app;
grant select on evaluation, meeting to cpom_machine;
