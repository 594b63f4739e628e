-- Reviews in full: proof of receipt, one extension, hearings, context, action plans, corrected findings.

-- Whether a legal entity receives what is sent to it on the portal (CRPA L112-15).
create table delivery_consent (
    legal_entity text        not null,
    region       text        not null,
    version      bigint      not null,
    given        boolean     not null,
    email        text        not null,
    author       text        not null,
    author_kind  text        not null,
    author_role  text        not null,
    updated_at   timestamptz not null,
    constraint delivery_consent_pkey primary key (legal_entity),
    constraint delivery_consent_version_positive check (version > 0),
    constraint delivery_consent_by_a_person check (author_kind = 'human')
);
grant select, insert, update on delivery_consent to cpom_app;

alter table review
    add column channel           text,
    add column consented         boolean,
    add column response_months   integer,
    add column received_on       date,
    add column receipt_proof     text,
    add column received_by       text,
    add column received_by_kind  text,
    add column received_by_role  text,
    add column extension_reasons text,
    add column extended_by       text,
    add column extended_by_kind  text,
    add column extended_by_role  text,
    add column extended_at       timestamptz,
    -- Observations and hearings so far, and how many the examination had before it.
    add column answers           integer not null default 0,
    add column answers_read      integer,
    -- All that was said: observations, hearings and notes of context.
    add column statements        integer not null default 0,
    add column reopenings        integer not null default 0,
    add column milestones        jsonb,
    add column objectives        text[],
    add column amendment         uuid;

-- What was notified before receipts were kept was answered from the day of its sending.
update review set
    channel = 'BY_HAND',
    consented = false,
    response_months = 1,
    received_on = (notified_at at time zone 'Europe/Paris')::date,
    received_by = notified_by,
    received_by_kind = notified_by_kind,
    received_by_role = notified_by_role
where state <> 'OPEN';
update review set
    answers = (select count(*) from review_observation where review_id = review.id),
    statements = (select count(*) from review_observation where review_id = review.id);
update review set answers_read = answers where state in ('EXAMINED', 'CONCLUDED');
update review set milestones = '[]' where outcome = 'ACTION_PLAN';

alter table review
    drop constraint review_notified_facts,
    drop column observations_due,
    add constraint review_notified_facts check (
        num_nonnulls(
            notification, notified_by, notified_by_kind, notified_by_role, notified_at, channel, consented,
            response_months
        ) = case when state = 'OPEN' then 0 else 8 end
    ),
    add constraint review_channel_known check (channel in ('PORTAL', 'REGISTERED_LETTER', 'BY_HAND')),
    add constraint review_consent_to_portal check (not consented or channel = 'PORTAL'),
    add constraint review_months_bounded check (response_months between 1 and 12),
    add constraint review_receipt_facts check (
        num_nonnulls(received_on, received_by, received_by_kind, received_by_role) in (0, 4)
        and (received_on is not null or receipt_proof is null)
        and (received_on is null or state <> 'OPEN')
    ),
    add constraint review_extension_facts check (
        num_nonnulls(extension_reasons, extended_by, extended_by_kind, extended_by_role, extended_at) in (0, 5)
        and (extension_reasons is null or state <> 'OPEN')
    ),
    add constraint review_more_by_people check (received_by_kind = 'human' and extended_by_kind = 'human'),
    add constraint review_examiner_did_not_notify check (
        examined_at is null or examined_by is distinct from notified_by
    ) not valid,
    add constraint review_answers_read check (
        (answers_read is not null) = (state in ('EXAMINED', 'CONCLUDED'))
        and (answers_read is null or answers_read <= answers)
    ),
    add constraint review_closed_with_all_read check (state <> 'CONCLUDED' or answers_read = answers),
    add constraint review_statements_counted check (answers between 0 and statements and reopenings >= 0),
    add constraint review_outcome_facts check (
        (milestones is not null) = (outcome is not distinct from 'ACTION_PLAN')
        and (outcome is not distinct from 'AMENDMENT_PROPOSED' or num_nonnulls(objectives, amendment) = 0)
    );

-- A finding may be corrected, and then bear a sanction no more: what counts is how it stood when the sanction was
-- proposed. The reference becomes a plain one, and a trigger checks it at that moment.
alter table review drop constraint review_sanction_finding_fkey;
alter table review_finding
    drop constraint review_finding_bears_key,
    add column control           uuid,
    add column corrected_at      timestamptz,
    add column correction_reason text,
    add constraint review_finding_correction_reasoned check (num_nonnulls(corrected_at, correction_reason) in (0, 2));
alter table review add constraint review_sanction_finding_fkey
    foreign key (id, sanction_finding) references review_finding (review_id, finding);

create function require_sanctionable_finding() returns trigger
    language plpgsql
as $$
begin
    if not exists (
        select from review_finding
        where review_id = new.id
            and finding = new.sanction_finding
            and can_bear_sanction
            and withdrawn_at is null
    ) then
        raise exception 'finding % of review % can bear no sanction', new.sanction_finding, new.id
            using errcode = 'foreign_key_violation', constraint = 'review_sanction_finding_fkey', table = 'review';
    end if;
    return new;
end
$$;
create trigger review_sanction_finding_stands before insert or update of outcome, sanction_finding on review
    for each row when (new.sanction_finding is not null) execute function require_sanctionable_finding();

-- What was said, in one order: observations, hearings and notes of context.
alter table review_observation rename to review_statement;
alter table review_statement rename constraint review_observation_pkey to review_statement_pkey;
alter table review_statement rename constraint review_observation_review_fkey to review_statement_review_fkey;
alter table review_statement rename constraint review_observation_by_a_person to review_statement_by_a_person;
alter trigger review_observation_append_only on review_statement rename to review_statement_append_only;
alter table review_statement
    add column kind         text not null default 'OBSERVATIONS',
    add column title        text,
    add column held_on      date,
    add column participants text[] not null default '{}',
    add column sources      text[] not null default '{}',
    add column attachments  jsonb not null default '[]',
    add constraint review_statement_kind_known check (kind in ('OBSERVATIONS', 'HEARING', 'CONTEXT')),
    add constraint review_statement_facts check (
        (held_on is not null) = (kind = 'HEARING') and (title is not null) = (kind = 'CONTEXT')
    );

grant update (
    channel,
    consented,
    response_months,
    received_on,
    receipt_proof,
    received_by,
    received_by_kind,
    received_by_role,
    extension_reasons,
    extended_by,
    extended_by_kind,
    extended_by_role,
    extended_at,
    answers,
    answers_read,
    statements,
    reopenings,
    milestones,
    objectives,
    amendment
) on review to cpom_app;
grant insert (control) on review_finding to cpom_machine;
grant update (summary, severity, opposable, penalty_eligible, corrected_at, correction_reason)
    on review_finding to cpom_machine;
