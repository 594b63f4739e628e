-- Programming of the medico-social contracts: joint decisions, versioned, and their lines.

-- How far a decision looks, and by when it is published. Figures of law, dated, with their source.
create table programming_rule (
    regime_kind   text    not null,
    valid_from    date    not null,
    horizon_years integer not null,
    -- Last day for the publication, in the year before the first one.
    publish_month integer not null,
    publish_day   integer not null,
    source        text    not null,
    constraint programming_rule_pkey primary key (regime_kind, valid_from),
    constraint programming_rule_kind_known check (regime_kind in ('EHPAD', 'DISABILITY')),
    constraint programming_rule_bounded check (
        horizon_years between 1 and 10 and publish_month between 1 and 12 and publish_day between 1 and 31
    )
);
insert into programming_rule (regime_kind, valid_from, horizon_years, publish_month, publish_day, source) values
    ('EHPAD', '2017-01-01', 5, 12, 31,
     'CASF L313-12 IV ter ; arrêté du 3 mars 2017 (NOR AFSA1619718A) : programmation sur cinq ans, publiée avant le 31 décembre, mise à jour chaque année'),
    ('DISABILITY', '2016-01-01', 5, 12, 31,
     'CASF L313-12-2 : programmation arrêtée avec le ou les présidents de conseil départemental, cinq ans ; échéance par analogie avec l’arrêté du 3 mars 2017, à confirmer');

create table programming (
    id               uuid        not null,
    region           text        not null,
    regime_kind      text        not null,
    -- Codes of departments, sorted; none where the agency decides alone.
    councils         text[]      not null,
    number           integer     not null,
    first_year       integer     not null,
    last_year        integer     not null,
    due_date         date        not null,
    comment          text        not null,
    state            text        not null,
    act              text,
    publication_date date,
    discard_reasons  text,
    version          bigint      not null,
    created_at       timestamptz not null,
    updated_at       timestamptz not null,
    constraint programming_pkey primary key (id),
    constraint programming_number_key unique (region, regime_kind, councils, number),
    constraint programming_kind_known check (regime_kind in ('EHPAD', 'DISABILITY')),
    constraint programming_state_known check (state in ('DRAFT', 'PUBLISHED', 'DISCARDED')),
    constraint programming_number_positive check (number > 0),
    constraint programming_version_positive check (version > 0),
    constraint programming_years_ordered check (last_year >= first_year),
    constraint programming_publication_facts check (
        num_nonnulls(act, publication_date) = case when state = 'PUBLISHED' then 2 else 0 end
    ),
    constraint programming_discard_facts check ((discard_reasons is not null) = (state = 'DISCARDED'))
);
-- One draft at a time in a series.
create unique index programming_one_draft on programming (region, regime_kind, councils) where state = 'DRAFT';
create index programming_list_idx on programming (created_at desc, id desc);

create table programming_line (
    programming_id uuid    not null,
    position       integer not null,
    legal_entity   text    not null,
    establishments text[]  not null,
    planned_year   integer not null,
    note           text    not null,
    constraint programming_line_pkey primary key (programming_id, position),
    constraint programming_line_programming_fkey foreign key (programming_id) references programming (id)
);
create index programming_line_site_idx on programming_line using gin (establishments);

-- Of the lines as they stand; those given to earlier lines are in the history.
create table programming_approval (
    programming_id uuid        not null,
    authority      text        not null,
    approver       text        not null,
    approver_kind  text        not null,
    approver_role  text        not null,
    title          text        not null,
    mandate        uuid,
    approved_at    timestamptz not null,
    constraint programming_approval_pkey primary key (programming_id, authority),
    constraint programming_approval_programming_fkey foreign key (programming_id) references programming (id),
    constraint programming_approval_by_a_person check (approver_kind = 'human'),
    -- The director general for the agency; anybody else under an act that is on record.
    constraint programming_approval_entitled check (
        mandate is not null or (authority = 'ars' and approver_role = 'director_general')
    ),
    constraint programming_approval_mandate_fkey foreign key (mandate, authority, approver)
        references mandate (id, party, subject)
);

grant select on programming_rule to cpom_app;
grant select, insert on programming to cpom_app;
grant update (version, state, comment, act, publication_date, discard_reasons, updated_at) on programming to cpom_app;
grant select, insert, delete on programming_line, programming_approval to cpom_app;

-- The publication of a programming raises tasks on drafts that it moves: by the act of the person who publishes.
alter table task
    drop constraint task_kind_known,
    add constraint task_kind_known check (
        kind in ('SITE_CLOSED', 'SITE_TRANSFERRED', 'PARTY_CLOSED', 'TACIT_RENEWAL', 'PROGRAMMING_CHANGED')
    );
grant insert (id, region, contract_id, kind, subject, explanation, version, raised_at) on task to cpom_app;
