-- Procedures in full, P0 to P7. Every column is written by people; a machine reads, and can do nothing else.

-- Figures of law, by kind of procedure: dated, with their source.
create table procedure_parameter (
    kind             text    not null,
    valid_from       date    not null,
    notice_months    integer not null,
    payment_months   integer not null,
    -- Ten-thousandths of the base; none for a termination.
    cap_basis_points integer,
    base             text,
    source           text    not null,
    constraint procedure_parameter_pkey primary key (kind, valid_from),
    constraint procedure_parameter_kind_known check (kind in ('PENALTY', 'TERMINATION', 'REFUSAL_TO_SIGN')),
    constraint procedure_parameter_months_bounded check (
        notice_months between 1 and 12 and payment_months between 1 and 12
    ),
    constraint procedure_parameter_cap_of_penalties check (
        num_nonnulls(cap_basis_points, base) = case when kind = 'TERMINATION' then 0 else 2 end
        and cap_basis_points between 1 and 10000
    )
);
insert into procedure_parameter
    (kind, valid_from, notice_months, payment_months, cap_basis_points, base, source) values
    ('PENALTY', '2010-10-04', 1, 1, 500,
     'Produits reçus par l’établissement de la part des régimes obligatoires d’assurance maladie au titre du dernier exercice clos',
     'CSP R6114-10 (délais d’un mois) ; CSP L6114-1 (5 %), à vérifier avant toute décision'),
    ('TERMINATION', '2010-10-04', 1, 1, null, null, 'CSP R6114-9 (délai d’un mois)'),
    ('REFUSAL_TO_SIGN', '2017-01-01', 1, 1, 1000,
     'Forfait global relatif aux soins de l’année',
     'CASF L313-12, IV ter (10 % par an), chiffre et délais à vérifier avant toute décision');

-- Regimes under which a refusal to sign is penalised.
create table refusal_regime (
    legal_regime text not null,
    source       text not null,
    constraint refusal_regime_pkey primary key (legal_regime),
    constraint refusal_regime_regime_fkey foreign key (legal_regime) references legal_regime (code)
);
insert into refusal_regime (legal_regime, source) values
    ('EHPAD_2017', 'CASF L313-12, IV ter');

-- Voies et délais de recours, as they are notified.
create table remedies_text (
    kind       text not null,
    valid_from date not null,
    text       text not null,
    source     text not null,
    constraint remedies_text_pkey primary key (kind, valid_from)
);
insert into remedies_text (kind, valid_from, text, source) values
    ('PENALTY', '2010-10-04',
     'La présente décision peut faire l’objet, dans un délai de deux mois à compter de sa notification, d’un recours gracieux devant son auteur, d’un recours hiérarchique devant le ministre chargé de la santé ou d’un recours contentieux devant le tribunal administratif territorialement compétent. L’exercice d’un recours gracieux ou hiérarchique interrompt le délai de recours contentieux.',
     'CJA R421-1 et R421-5 ; CRPA L411-2'),
    ('TERMINATION', '2010-10-04',
     'La présente décision peut faire l’objet d’un recours gracieux devant son auteur, d’un recours hiérarchique devant le ministre chargé de la santé ou d’un recours devant le tribunal administratif territorialement compétent. Il est conseillé de saisir le tribunal dans un délai de deux mois à compter de la notification.',
     'CJA R421-1, dont l’alinéa 3 écarte le délai pour les mesures d’exécution d’un contrat ; texte à valider par le conseil de l’agence'),
    ('REFUSAL_TO_SIGN', '2017-01-01',
     'La présente décision peut faire l’objet, dans un délai de deux mois à compter de sa notification, d’un recours gracieux devant son auteur ou d’un recours contentieux devant la juridiction de la tarification sanitaire et sociale territorialement compétente.',
     'CASF L351-1 ; à valider par le conseil de l’agence');
create table algorithmic_notice (
    valid_from date not null,
    text       text not null,
    source     text not null,
    constraint algorithmic_notice_pkey primary key (valid_from)
);
insert into algorithmic_notice (valid_from, text, source) values
    ('2017-09-01',
     'Un traitement algorithmique a contribué au constat sur lequel repose la présente décision : il a comparé les réalisations aux objectifs du contrat. Il n’a ni proposé ni pris la décision. Les règles de ce traitement et les principales caractéristiques de sa mise en œuvre vous sont communiquées sur demande (articles L311-3-1 et R311-3-1-1 du code des relations entre le public et l’administration) ; en cas de refus ou de silence pendant un mois, la Commission d’accès aux documents administratifs peut être saisie.',
     'CRPA L311-3-1, R311-3-1-1');

alter table procedure
    drop constraint procedure_state_known,
    drop constraint procedure_after_proposal,
    alter column review_id drop not null,
    alter column review_outcome drop not null,
    add column kind                 text not null default 'PENALTY',
    add column campaign             uuid,
    add column year                 integer,
    add column finding              uuid,
    add column control              uuid,
    add column updated_at           timestamptz,
    add column opening_reasons      text,
    add column opened_by            text,
    add column opened_by_kind       text,
    add column opened_by_role       text,
    add column opened_at            timestamptz,
    add column notice_reasons       text,
    add column notice_measures      text,
    add column noticed_by           text,
    add column noticed_by_kind      text,
    add column noticed_by_role      text,
    add column noticed_at           timestamptz,
    add column notice_channel       text,
    add column notice_consented     boolean,
    add column notice_months        integer,
    add column notice_received_on   date,
    add column notice_proof         text,
    add column notice_received_by   text,
    add column notice_received_by_kind text,
    add column notice_received_by_role text,
    add column extension_reasons    text,
    add column extended_by          text,
    add column extended_by_kind     text,
    add column extended_by_role     text,
    add column extended_at          timestamptz,
    add column answers              integer not null default 0,
    add column answers_read         integer,
    add column read_by              text,
    add column read_by_kind         text,
    add column read_by_role         text,
    add column decision_reasons     text,
    add column decided_by           text,
    add column decided_by_kind      text,
    add column decided_by_role      text,
    add column decided_at           timestamptz,
    -- The day of the decision in the region, and the last day of the delay it waited for.
    add column decided_on           date,
    add column notice_due           date,
    add column remedies             text,
    add column algorithmic_notice   text,
    add column amount               numeric(15, 2),
    add column holder               text,
    add column cap_year             integer,
    add column cap_basis_points     integer,
    add column cap_source           text,
    add column cap_base             numeric(15, 2),
    add column cap_base_source      text,
    add column cap_earlier          numeric(15, 2),
    add column termination_on       date,
    add column decision_sent_at     timestamptz,
    add column decision_channel     text,
    add column decision_consented   boolean,
    add column payment_months       integer,
    add column decision_received_on date,
    add column decision_proof       text,
    add column decision_received_by text,
    add column decision_received_by_kind text,
    add column decision_received_by_role text,
    add column drop_reasons         text,
    add column dropped_by           text,
    add column dropped_by_kind      text,
    add column dropped_by_role      text,
    add column dropped_at           timestamptz,
    add column fund                 text,
    add column referred_by          text,
    add column referred_by_kind     text,
    add column referred_by_role     text,
    add column referred_at          timestamptz,
    -- The penalty as it stands after appeals: what the cap of the year adds up.
    add column standing_amount      numeric(15, 2);

update procedure set
    campaign = review.campaign,
    year = review.year,
    finding = review.sanction_finding,
    updated_at = procedure.proposed_at
from review
where review.id = procedure.review_id;

alter table procedure
    alter column kind drop default,
    alter column updated_at set not null,
    add constraint procedure_kind_known check (kind in ('PENALTY', 'TERMINATION', 'REFUSAL_TO_SIGN')),
    add constraint procedure_state_known check (
        state in ('PROPOSED', 'OPENED', 'UNDER_NOTICE', 'DECIDED', 'NOTIFIED', 'DROPPED', 'ANNULLED')
    ),
    -- It rests on a concluded review and one of its findings, or on a refusal to sign.
    add constraint procedure_ground check (
        num_nonnulls(review_id, review_outcome, campaign, year, finding)
            = case when kind = 'REFUSAL_TO_SIGN' then 0 else 5 end
        and review_outcome is not distinct from case when kind = 'REFUSAL_TO_SIGN' then null else 'SANCTION_PROPOSED' end
    ),
    add constraint procedure_opened_facts check (
        num_nonnulls(opening_reasons, opened_by, opened_by_kind, opened_by_role, opened_at) in (0, 5)
        and (opened_at is not null or state in ('PROPOSED', 'DROPPED'))
        and (opened_at is null or state <> 'PROPOSED')
    ),
    add constraint procedure_notice_facts check (
        num_nonnulls(
            notice_reasons, notice_measures, noticed_by, noticed_by_kind, noticed_by_role, noticed_at, notice_channel,
            notice_consented, notice_months
        ) in (0, 9)
        and (noticed_at is not null or state in ('PROPOSED', 'OPENED', 'DROPPED'))
        and (noticed_at is null or opened_at is not null)
    ),
    add constraint procedure_notice_receipt_facts check (
        num_nonnulls(notice_received_on, notice_received_by, notice_received_by_kind, notice_received_by_role) in (0, 4)
    ),
    -- At most one extension, reasoned (invariant 3).
    add constraint procedure_extension_facts check (
        num_nonnulls(extension_reasons, extended_by, extended_by_kind, extended_by_role, extended_at) in (0, 5)
    ),
    add constraint procedure_reading_facts check (
        num_nonnulls(answers_read, read_by, read_by_kind, read_by_role) in (0, 4)
        and answers >= 0
        and (answers_read is null or answers_read <= answers)
    ),
    add constraint procedure_decision_facts check (
        num_nonnulls(
            decision_reasons, decided_by, decided_by_kind, decided_by_role, decided_at, decided_on, notice_due, remedies
        ) = case when state in ('DECIDED', 'NOTIFIED', 'ANNULLED') then 8 else 0 end
    ),
    -- Invariant 3: after the last delay, itself counted from a receipt.
    add constraint procedure_decided_after_delay check (decided_on > notice_due),
    -- Invariant 4: written reasons, and all that was said was read by who decides.
    add constraint procedure_decision_reasoned check (decision_reasons ~ '[[:alnum:]]'),
    add constraint procedure_decided_with_all_read check (
        decided_at is null or (answers = 0 or (answers_read = answers and read_by = decided_by))
    ),
    -- Invariant 2: the proposer opens nothing and decides nothing; a director general does.
    add constraint procedure_other_person check (
        opened_by is distinct from proposer
        and noticed_by is distinct from proposer
        and decided_by is distinct from proposer
    ),
    add constraint procedure_by_a_director_general check (
        opened_by_role = 'director_general'
        and noticed_by_role = 'director_general'
        and extended_by_role = 'director_general'
        and decided_by_role = 'director_general'
        and dropped_by_role = 'director_general'
    ),
    -- Invariant 1: people, at every step.
    add constraint procedure_every_step_by_a_person check (
        opened_by_kind = 'human'
        and noticed_by_kind = 'human'
        and notice_received_by_kind = 'human'
        and extended_by_kind = 'human'
        and read_by_kind = 'human'
        and decided_by_kind = 'human'
        and decision_received_by_kind = 'human'
        and dropped_by_kind = 'human'
        and referred_by_kind = 'human'
    ),
    add constraint procedure_sanction_facts check (
        num_nonnulls(
            amount, holder, cap_year, cap_basis_points, cap_source, cap_base, cap_base_source, cap_earlier,
            standing_amount
        ) = case when decided_at is not null and kind <> 'TERMINATION' then 9 else 0 end
        and (termination_on is not null) = (decided_at is not null and kind = 'TERMINATION')
    ),
    -- The cap of the year, as it was checked.
    add constraint procedure_amount_within_cap check (
        amount > 0 and cap_earlier + amount <= cap_base * cap_basis_points / 10000
    ),
    add constraint procedure_amount_never_grows check (standing_amount between 0 and amount),
    add constraint procedure_notification_facts check (
        num_nonnulls(decision_sent_at, decision_channel, decision_consented, payment_months)
        = case when state in ('NOTIFIED', 'ANNULLED') then 4 else 0 end
    ),
    add constraint procedure_decision_receipt_facts check (
        num_nonnulls(
            decision_received_on, decision_received_by, decision_received_by_kind, decision_received_by_role
        ) in (0, 4)
        and (decision_received_on is null or decision_sent_at is not null)
    ),
    add constraint procedure_drop_facts check (
        num_nonnulls(drop_reasons, dropped_by, dropped_by_kind, dropped_by_role, dropped_at)
        = case when state = 'DROPPED' then 5 else 0 end
    ),
    add constraint procedure_referral_facts check (
        num_nonnulls(fund, referred_by, referred_by_kind, referred_by_role, referred_at) in (0, 5)
        and (referred_at is null or state in ('NOTIFIED', 'ANNULLED'))
    );
-- One refusal to sign at a time (and one procedure a review: procedure_review_key, invariant 6).
create unique index procedure_one_refusal on procedure (contract_id)
    where kind = 'REFUSAL_TO_SIGN' and state not in ('DROPPED', 'ANNULLED');
create index procedure_holder_idx on procedure (holder, cap_year) where holder is not null;

-- What was said, in one order: answers and hearings.
create table procedure_statement (
    procedure_id uuid        not null,
    position     integer     not null,
    kind         text        not null,
    text         text        not null,
    held_on      date,
    participants text[]      not null,
    attachments  jsonb       not null,
    author       text        not null,
    author_kind  text        not null,
    author_role  text        not null,
    recorded_at  timestamptz not null,
    constraint procedure_statement_pkey primary key (procedure_id, position),
    constraint procedure_statement_procedure_fkey foreign key (procedure_id) references procedure (id),
    constraint procedure_statement_kind_known check (kind in ('OBSERVATIONS', 'HEARING')),
    constraint procedure_statement_facts check ((held_on is not null) = (kind = 'HEARING')),
    constraint procedure_statement_by_a_person check (author_kind = 'human')
);
create trigger procedure_statement_append_only before update or delete or truncate on procedure_statement
    for each statement execute function refuse_change();

create table procedure_file_request (
    procedure_id   uuid        not null,
    position       integer     not null,
    requester      text        not null,
    requester_kind text        not null,
    requester_role text        not null,
    requested_at   timestamptz not null,
    documents      text,
    granted_at     timestamptz,
    constraint procedure_file_request_pkey primary key (procedure_id, position),
    constraint procedure_file_request_procedure_fkey foreign key (procedure_id) references procedure (id),
    constraint procedure_file_request_by_a_person check (requester_kind = 'human'),
    constraint procedure_file_request_grant_facts check (num_nonnulls(documents, granted_at) in (0, 2))
);

create table procedure_payment (
    procedure_id  uuid           not null,
    position      integer        not null,
    amount        numeric(15, 2) not null,
    paid_on       date           not null,
    reference     text           not null,
    recorder      text           not null,
    recorder_kind text           not null,
    recorder_role text           not null,
    constraint procedure_payment_pkey primary key (procedure_id, position),
    constraint procedure_payment_procedure_fkey foreign key (procedure_id) references procedure (id),
    constraint procedure_payment_positive check (amount > 0),
    constraint procedure_payment_by_a_person check (recorder_kind = 'human')
);
create trigger procedure_payment_append_only before update or delete or truncate on procedure_payment
    for each statement execute function refuse_change();

create table procedure_appeal (
    procedure_id    uuid    not null,
    position        integer not null,
    kind            text    not null,
    filed_on        date    not null,
    grounds         text    not null,
    outcome         text,
    ended_on        date,
    outcome_reasons text,
    reduced_amount  numeric(15, 2),
    constraint procedure_appeal_pkey primary key (procedure_id, position),
    constraint procedure_appeal_procedure_fkey foreign key (procedure_id) references procedure (id),
    constraint procedure_appeal_kind_known check (kind in ('GRACIOUS', 'HIERARCHICAL', 'JUDICIAL')),
    constraint procedure_appeal_outcome_known check (outcome in ('UPHELD', 'REDUCED', 'ANNULLED', 'WITHDRAWN')),
    constraint procedure_appeal_end_facts check (
        num_nonnulls(outcome, ended_on, outcome_reasons) in (0, 3)
        and (reduced_amount is not null) = (outcome is not distinct from 'REDUCED')
    )
);

grant select on procedure_parameter, refusal_regime, remedies_text, algorithmic_notice to cpom_app;
grant select, insert on procedure_statement, procedure_payment to cpom_app;
grant select, insert, update on procedure_file_request, procedure_appeal to cpom_app;
-- What was proposed stays: a step writes its own columns.
grant update (
    version, state, updated_at,
    opening_reasons, opened_by, opened_by_kind, opened_by_role, opened_at,
    notice_reasons, notice_measures, noticed_by, noticed_by_kind, noticed_by_role, noticed_at, notice_channel,
    notice_consented, notice_months,
    notice_received_on, notice_proof, notice_received_by, notice_received_by_kind, notice_received_by_role,
    extension_reasons, extended_by, extended_by_kind, extended_by_role, extended_at,
    answers, answers_read, read_by, read_by_kind, read_by_role,
    decision_reasons, decided_by, decided_by_kind, decided_by_role, decided_at, decided_on, notice_due, remedies,
    algorithmic_notice, amount, holder, cap_year, cap_basis_points, cap_source, cap_base, cap_base_source, cap_earlier,
    termination_on, standing_amount,
    decision_sent_at, decision_channel, decision_consented, payment_months,
    decision_received_on, decision_proof, decision_received_by, decision_received_by_kind, decision_received_by_role,
    drop_reasons, dropped_by, dropped_by_kind, dropped_by_role, dropped_at,
    fund, referred_by, referred_by_kind, referred_by_role, referred_at
) on procedure to cpom_app;
-- A machine reads them to build the list of deadlines again, and has no other right.
grant select on procedure_statement, procedure_file_request, procedure_payment, procedure_appeal to cpom_machine;
