-- The review that findings open, and the procedure a person may propose after it. A machine opens reviews and
-- attaches findings; everything else is written by people, and the rows cannot say otherwise.

create table review (
    id                       uuid        not null,
    region                   text        not null,
    contract_id              uuid        not null,
    campaign                 uuid        not null,
    year                     integer     not null,
    version                  bigint      not null,
    state                    text        not null,
    notification             text,
    notified_by              text,
    notified_by_kind         text,
    notified_by_role         text,
    notified_at              timestamptz,
    observations_due         date,
    analysis                 text,
    recommended_outcome      text,
    examined_by              text,
    examined_by_kind         text,
    examined_by_role         text,
    examined_at              timestamptz,
    outcome                  text,
    reasons                  text,
    concluded_by             text,
    concluded_by_kind        text,
    concluded_by_role        text,
    concluded_at             timestamptz,
    -- The finding on which the proposal of a sanction rests.
    sanction_finding         uuid,
    sanction_finding_bears   boolean,
    procedure_id             uuid,
    created_at               timestamptz not null,
    updated_at               timestamptz not null,
    constraint review_pkey primary key (id),
    constraint review_contract_campaign_key unique (contract_id, campaign),
    constraint review_outcome_key unique (id, outcome),
    constraint review_contract_fkey foreign key (contract_id) references contract (id),
    constraint review_version_positive check (version > 0),
    constraint review_state_known check (state in ('OPEN', 'NOTIFIED', 'EXAMINED', 'CONCLUDED')),
    constraint review_notified_facts check (
        num_nonnulls(
            notification, notified_by, notified_by_kind, notified_by_role, notified_at, observations_due
        ) = case when state = 'OPEN' then 0 else 6 end
    ),
    constraint review_examined_facts check (
        num_nonnulls(
            analysis, recommended_outcome, examined_by, examined_by_kind, examined_by_role, examined_at
        ) = case when state in ('EXAMINED', 'CONCLUDED') then 6 else 0 end
    ),
    constraint review_concluded_facts check (
        num_nonnulls(outcome, reasons, concluded_by, concluded_by_kind, concluded_by_role, concluded_at)
        = case when state = 'CONCLUDED' then 6 else 0 end
    ),
    constraint review_by_people check (
        notified_by_kind = 'human' and examined_by_kind = 'human' and concluded_by_kind = 'human'
    ),
    constraint review_outcomes_known check (
        recommended_outcome in ('NO_ACTION', 'ACTION_PLAN', 'AMENDMENT_PROPOSED', 'SANCTION_PROPOSED')
        and outcome in ('NO_ACTION', 'ACTION_PLAN', 'AMENDMENT_PROPOSED', 'SANCTION_PROPOSED')
    ),
    constraint review_reasons_written check (reasons ~ '[[:alnum:]]' and analysis ~ '[[:alnum:]]'),
    constraint review_sanction_needs_second_person check (
        outcome is distinct from 'SANCTION_PROPOSED' or concluded_by is distinct from examined_by
    ),
    constraint review_sanction_facts check (
        num_nonnulls(sanction_finding, sanction_finding_bears, procedure_id)
        = case when outcome = 'SANCTION_PROPOSED' then 3 else 0 end
    ),
    constraint review_sanction_finding_bears check (sanction_finding_bears)
);
create index review_list_idx on review (region, created_at, id);

create table review_finding (
    review_id         uuid        not null,
    finding           uuid        not null,
    objective         text        not null,
    summary           text        not null,
    severity          text        not null,
    opposable         boolean     not null,
    penalty_eligible  boolean     not null,
    can_bear_sanction boolean     not null generated always as (
        opposable and penalty_eligible and severity in ('MAJOR', 'GRAVE')
    ) stored,
    attached_at       timestamptz not null,
    withdrawn_at      timestamptz,
    withdrawal_reason text,
    constraint review_finding_pkey primary key (review_id, finding),
    constraint review_finding_key unique (finding),
    constraint review_finding_bears_key unique (review_id, finding, can_bear_sanction),
    constraint review_finding_review_fkey foreign key (review_id) references review (id),
    constraint review_finding_severity_known check (severity in ('INFO', 'MINOR', 'MAJOR', 'GRAVE')),
    constraint review_finding_withdrawal_reasoned check (
        num_nonnulls(withdrawn_at, withdrawal_reason) in (0, 2)
    )
);
-- A sanction can only be proposed on a finding of this review that can bear one.
alter table review add constraint review_sanction_finding_fkey
    foreign key (id, sanction_finding, sanction_finding_bears)
    references review_finding (review_id, finding, can_bear_sanction);

-- What the establishment answered.
create table review_observation (
    review_id    uuid        not null,
    position     integer     not null,
    text         text        not null,
    author       text        not null,
    author_kind  text        not null,
    author_role  text        not null,
    submitted_at timestamptz not null,
    constraint review_observation_pkey primary key (review_id, position),
    constraint review_observation_review_fkey foreign key (review_id) references review (id),
    constraint review_observation_by_a_person check (author_kind = 'human')
);
create trigger review_observation_append_only before update or delete or truncate on review_observation
    for each statement execute function refuse_change();

create table procedure (
    id                  uuid        not null,
    region              text        not null,
    contract_id         uuid        not null,
    review_id           uuid        not null,
    review_outcome      text        not null,
    version             bigint      not null,
    state               text        not null,
    proposer            text        not null,
    proposer_role       text        not null,
    reasons             text        not null,
    proposed_at         timestamptz not null,
    -- The recorded act it rests on, which must be the act of a person.
    proposal_event      uuid        not null,
    proposal_actor_kind text        not null,
    constraint procedure_pkey primary key (id),
    constraint procedure_review_key unique (review_id),
    constraint procedure_contract_fkey foreign key (contract_id) references contract (id),
    constraint procedure_review_fkey foreign key (review_id, review_outcome) references review (id, outcome),
    constraint procedure_after_proposal check (review_outcome = 'SANCTION_PROPOSED'),
    constraint procedure_proposal_fkey foreign key (proposal_event, proposal_actor_kind)
        references event (id, actor_kind),
    constraint procedure_by_a_person check (proposal_actor_kind = 'human'),
    constraint procedure_reasons_written check (reasons ~ '[[:alnum:]]'),
    constraint procedure_version_positive check (version > 0),
    constraint procedure_state_known check (state = 'PROPOSED')
);
create index procedure_list_idx on procedure (region, proposed_at, id);

-- People carry reviews on; they neither open one nor touch its findings.
grant select on review, review_finding, review_observation, procedure to cpom_app, cpom_machine;
grant update (
    version,
    state,
    notification,
    notified_by,
    notified_by_kind,
    notified_by_role,
    notified_at,
    observations_due,
    analysis,
    recommended_outcome,
    examined_by,
    examined_by_kind,
    examined_by_role,
    examined_at,
    outcome,
    reasons,
    concluded_by,
    concluded_by_kind,
    concluded_by_role,
    concluded_at,
    sanction_finding,
    sanction_finding_bears,
    procedure_id,
    updated_at
) on review to cpom_app;
grant insert on review_observation, procedure to cpom_app;

-- A machine opens reviews and keeps their findings true; it can do nothing else to them.
grant insert (id, region, contract_id, campaign, year, version, state, created_at, updated_at)
    on review to cpom_machine;
grant update (version, updated_at) on review to cpom_machine;
grant insert (
    review_id,
    finding,
    objective,
    summary,
    severity,
    opposable,
    penalty_eligible,
    attached_at
) on review_finding to cpom_machine;
grant update (withdrawn_at, withdrawal_reason) on review_finding to cpom_machine;
