-- A member of a territorial hospital group denounces its single contract (CSP R6132-19-3). The notice and the terms of the
-- director general are recorded; who leaves and what goes on is the matter of the amendment that follows.

-- Figures of law: dated, with their source.
create table withdrawal_parameter (
    valid_from    date    not null,
    -- After the signature of the contract.
    after_months  integer not null,
    notice_months integer not null,
    -- For the director general, from the receipt of the notice.
    terms_months  integer not null,
    source        text    not null,
    constraint withdrawal_parameter_pkey primary key (valid_from),
    constraint withdrawal_parameter_months_bounded check (
        after_months between 0 and 60 and notice_months between 0 and 24 and terms_months between 1 and 24
    )
);
insert into withdrawal_parameter (valid_from, after_months, notice_months, terms_months, source) values
    ('2016-05-01', 36, 6, 6,
     'CSP R6132-19-3 (trois ans à compter de la signature, préavis de six mois, modalités dans les six mois) ; jour d’application et point de départ des six mois du directeur général à vérifier');

create table withdrawal (
    id             uuid        not null,
    contract_id    uuid        not null,
    region         text        not null,
    version        bigint      not null,
    legal_entity   text        not null,
    reasons        text        not null,
    notified_by    text        not null,
    notified_kind  text        not null,
    notified_role  text        not null,
    received_on    date        not null,
    -- The first day on which it may take effect, and the last on which its terms are due.
    earliest       date        not null,
    terms_due      date        not null,
    effect_date    date,
    others_go_on   boolean,
    terms          text,
    terms_reasons  text,
    decided_by     text,
    decided_kind   text,
    decided_role   text,
    decided_at     timestamptz,
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    constraint withdrawal_pkey primary key (id),
    constraint withdrawal_contract_fkey foreign key (contract_id) references contract (id),
    constraint withdrawal_one_stands unique (contract_id, legal_entity),
    constraint withdrawal_version_positive check (version > 0),
    constraint withdrawal_days_ordered check (received_on <= earliest and received_on <= terms_due),
    constraint withdrawal_terms_facts check (
        num_nonnulls(
            effect_date, others_go_on, terms, terms_reasons, decided_by, decided_kind, decided_role, decided_at
        ) in (0, 8)
    ),
    constraint withdrawal_after_the_notice check (effect_date >= earliest),
    constraint withdrawal_reasoned check (reasons ~ '[[:alnum:]]' and terms_reasons ~ '[[:alnum:]]'),
    constraint withdrawal_by_people check (notified_kind = 'human' and decided_kind = 'human'),
    constraint withdrawal_terms_by_the_director_general check (decided_role = 'director_general')
);
create index withdrawal_contract_idx on withdrawal (contract_id, created_at);

grant select on withdrawal_parameter to cpom_app;
grant select, insert on withdrawal to cpom_app;
grant update (
    version, effect_date, others_go_on, terms, terms_reasons, decided_by, decided_kind, decided_role, decided_at, updated_at
) on withdrawal to cpom_app;
-- A machine reads them to build the list of deadlines again.
grant select on withdrawal to cpom_machine;
