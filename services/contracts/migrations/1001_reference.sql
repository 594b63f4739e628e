-- What contracts rest on: dated rules, and our copy of the registry.

-- The regimes of the CPOM. Figures of law are rows with dates and sources, never constants.
create table legal_regime (
    code           text    not null,
    max_objectives integer,
    max_months     integer not null,
    valid_from     date    not null,
    valid_to       date,
    source         text    not null,
    constraint legal_regime_pkey primary key (code),
    constraint legal_regime_limits_positive check (max_objectives > 0 and max_months > 0),
    constraint legal_regime_dates_ordered check (valid_to >= valid_from),
    -- One regime a day.
    constraint legal_regime_one_a_day exclude using gist (daterange(valid_from, valid_to, '[]') with &&)
);
insert into legal_regime (code, max_objectives, max_months, valid_from, valid_to, source) values
    ('R2010_HPST', null, 60, '2010-10-04', '2025-02-24',
     'Loi 2009-879 (HPST) ; décret 2010-1170 du 4 octobre 2010 ; CSP L6114-1 (cinq ans), D6114-1 à D6114-8'),
    ('R2020_2025', 10, 60, '2025-02-25', null,
     'Ordonnance 2020-1407, article 5 ; décret 2025-180 du 25 février 2025 (dix objectifs stratégiques) ; CSP L6114-1 (cinq ans)');

-- How long an establishment has to answer. `*` holds for the regions that have no row of their own.
create table review_parameter (
    region          text    not null,
    valid_from      date    not null,
    response_months integer not null,
    source          text    not null,
    constraint review_parameter_pkey primary key (region, valid_from),
    constraint review_parameter_months_bounded check (response_months between 1 and 12)
);
insert into review_parameter (region, valid_from, response_months, source) values
    ('*', '2010-01-01', 1,
     'Délai par défaut, par analogie avec la mise en demeure des articles R6114-9 et R6114-10 du CSP (un mois) ; à fixer par chaque ARS');

-- What the registry says, from its events.
create table legal_entity_copy (
    finess text    not null,
    title  text    not null,
    region text    not null,
    open   boolean not null,
    constraint legal_entity_copy_pkey primary key (finess)
);
create table establishment_copy (
    finess       text    not null,
    legal_entity text    not null,
    title        text    not null,
    region       text    not null,
    open         boolean not null,
    constraint establishment_copy_pkey primary key (finess)
);

-- Who planned or conducted a campaign: they do not examine what it found.
create table campaign_controller_copy (
    campaign uuid not null,
    subject  text not null,
    constraint campaign_controller_copy_pkey primary key (campaign, subject)
);

grant select on legal_regime, review_parameter to cpom_app, cpom_machine;
grant select on legal_entity_copy, establishment_copy, campaign_controller_copy to cpom_app;
grant select, insert, update on legal_entity_copy, establishment_copy to cpom_machine;
grant select, insert on campaign_controller_copy to cpom_machine;
