-- Regimes of the medico-social side beside those of hospitals, with what they set; categories and who is competent for
-- them; the content of texts.

alter table legal_regime
    add column kind                    text    not null default 'HOSPITAL',
    add column title                   text    not null default '',
    add column mandatory               boolean not null default true,
    add column departmental_councils   boolean not null default false,
    add column mid_term_months         integer,
    add column renewal_notice_months   integer,
    add column renewal_answer_months   integer,
    add column extension_months        integer,
    add column max_extensions          integer,
    add column max_total_months        integer,
    add column extension_notice_months integer,
    add constraint legal_regime_kind_known check (kind in ('HOSPITAL', 'EHPAD', 'DISABILITY', 'OPTIONAL')),
    add constraint legal_regime_renewal_facts check (num_nonnulls(renewal_notice_months, renewal_answer_months) in (0, 2)),
    add constraint legal_regime_extension_facts check (
        num_nonnulls(extension_months, max_extensions, max_total_months, extension_notice_months) in (0, 4)
    ),
    drop constraint legal_regime_one_a_day,
    -- One regime of a kind a day.
    add constraint legal_regime_one_a_day
        exclude using gist (kind with =, daterange(valid_from, valid_to, '[]') with &&);
alter table legal_regime alter column kind drop default;
alter table legal_regime alter column mandatory drop default;
alter table legal_regime alter column departmental_councils drop default;

update legal_regime set
    title = case code
        when 'R2010_HPST' then 'CPOM des établissements de santé (2010)'
        else 'CPOM des établissements de santé (2020-2025)'
    end,
    -- Half of five years; the law says mid-term only.
    mid_term_months = case code when 'R2020_2025' then 30 end,
    renewal_notice_months = 12,
    renewal_answer_months = 4;
insert into legal_regime (
    code, kind, title, max_objectives, max_months, valid_from, valid_to, source, mandatory, departmental_councils,
    mid_term_months, extension_months, max_extensions, max_total_months, extension_notice_months
) values
    ('EHPAD_2017', 'EHPAD', 'CPOM des EHPAD et des petites unités de vie', null, 60, '2017-01-01', null,
     'CASF L313-12 IV ter (loi 2015-1776, article 58) ; arrêté du 3 mars 2017 (NOR AFSA1619718A), cahier des charges : cinq ans, prorogation d’un an renouvelable, comité de suivi en année 3 ; foire aux questions de 2017 : sept ans au plus, à confirmer',
     true, true, 36, 12, 2, 84, 6),
    ('DISABILITY_2016', 'DISABILITY', 'CPOM du handicap, des SSIAD et des accueils de jour autonomes', null, 60,
     '2016-01-01', null,
     'CASF L313-12-2 (lois 2015-1702 et 2016-1827) ; prorogation et suivi par analogie avec l’arrêté du 3 mars 2017, à confirmer',
     true, true, 36, 12, 2, 84, 6),
    ('OPTIONAL_2005', 'OPTIONAL', 'CPOM facultatif', null, 60, '2005-12-02', null,
     'CASF L313-11 (ordonnance du 1er décembre 2005), R314-39 à R314-43-1', false, true, 36, null, null, null, null);

-- Axes of the text.
create table regime_axis (
    regime   text    not null,
    position integer not null,
    code     text    not null,
    title    text    not null,
    constraint regime_axis_pkey primary key (regime, code),
    constraint regime_axis_regime_fkey foreign key (regime) references legal_regime (code)
);
insert into regime_axis (regime, position, code, title) values
    ('R2010_HPST', 1, '1', 'Orientations stratégiques et organisation territoriale'),
    ('R2010_HPST', 2, '2', 'Accès et continuité, service au patient'),
    ('R2010_HPST', 3, '3', 'Qualité et sécurité des soins'),
    ('R2010_HPST', 4, '4', 'Efficience, gestion et performance'),
    ('R2010_HPST', 5, '5', 'Systèmes d’information et télémédecine'),
    ('R2020_2025', 1, 'A', 'Positionnement territorial'),
    ('R2020_2025', 2, 'B', 'Pilotage interne'),
    ('EHPAD_2017', 1, '1', 'Réponse aux besoins du territoire et parcours'),
    ('EHPAD_2017', 2, '2', 'Qualité de l’accompagnement'),
    ('EHPAD_2017', 3, '3', 'Efficience et pilotage'),
    ('DISABILITY_2016', 1, '1', 'Réponse aux besoins du territoire et parcours'),
    ('DISABILITY_2016', 2, '2', 'Transformation de l’offre et inclusion'),
    ('DISABILITY_2016', 3, '3', 'Efficience et pilotage'),
    ('OPTIONAL_2005', 1, '1', 'Objectifs de l’organisme gestionnaire');

-- Bodies usually consulted, by sector. A checklist that people adapt, never a rule that refuses.
create table regime_opinion (
    regime text not null,
    sector text not null,
    body   text not null,
    nature text not null,
    source text not null,
    constraint regime_opinion_pkey primary key (regime, sector, body),
    constraint regime_opinion_regime_fkey foreign key (regime) references legal_regime (code),
    constraint regime_opinion_nature_known check (nature in ('avis', 'information', 'concertation'))
);
insert into regime_opinion (regime, sector, body, nature, source)
select regime.code, checklist.sector, checklist.body, checklist.nature, checklist.source
from (values ('R2010_HPST'), ('R2020_2025')) as regime (code)
cross join (values
    ('public', 'Directoire', 'concertation', 'CSP L6143-7'),
    ('public', 'Commission médicale d’établissement', 'information', 'CSP L6144-1'),
    ('public', 'Conseil de surveillance', 'information', 'CSP L6143-1'),
    ('public', 'Comité social d’établissement', 'avis', 'CSP L6144-3'),
    ('private', 'Organe délibérant', 'avis', 'Statuts de la personne morale'),
    ('private', 'Commission médicale', 'avis', 'CSP L6161-2'),
    ('ght', 'Comité stratégique', 'avis', 'CSP R6132-19-3'),
    ('ght', 'Commission médicale de groupement', 'avis', 'CSP R6132-19-3')
) as checklist (sector, body, nature, source);
insert into regime_opinion (regime, sector, body, nature, source) values
    ('EHPAD_2017', 'all', 'Conseil d’administration de l’organisme gestionnaire', 'avis', 'Statuts de la personne morale'),
    ('EHPAD_2017', 'all', 'Conseil de la vie sociale', 'information', 'CASF D311-15'),
    ('DISABILITY_2016', 'all', 'Conseil d’administration de l’organisme gestionnaire', 'avis', 'Statuts de la personne morale'),
    ('DISABILITY_2016', 'all', 'Conseil de la vie sociale', 'information', 'CASF D311-15');

-- Who is competent for a category of establishment: it says who signs.
create table category_competence (
    category text    not null,
    title    text    not null,
    ars      boolean not null,
    council  boolean not null,
    source   text    not null,
    constraint category_competence_pkey primary key (category),
    constraint category_competence_somebody check (ars or council)
);
insert into category_competence (category, title, ars, council, source)
select category, title, ars, council, 'Nomenclature FINESS du 26 mai 2025 ; CASF L313-3'
from (values
    ('500', 'EHPAD', true, true),
    ('501', 'EHPA percevant des crédits d’assurance maladie', true, true),
    ('207', 'Centre de jour pour personnes âgées', true, true),
    ('209', 'Service autonomie aide et soins', true, true),
    ('190', 'CAMSP', true, true),
    ('437', 'FAM', true, true),
    ('448', 'EAM', true, true),
    ('445', 'SAMSAH', true, true),
    ('502', 'EHPA ne percevant pas de crédits d’assurance maladie', false, true),
    ('202', 'Résidence autonomie', false, true),
    ('460', 'Service autonomie aide', false, true),
    ('449', 'EANM', false, true),
    ('252', 'Foyer d’hébergement', false, true),
    ('253', 'Foyer polyvalent', false, true),
    ('382', 'Foyer de vie', false, true),
    ('446', 'SAVS', false, true),
    ('354', 'SSIAD', true, false),
    ('183', 'IME', true, false),
    ('186', 'ITEP', true, false),
    ('182', 'SESSAD', true, false),
    ('188', 'Établissement pour enfants polyhandicapés', true, false),
    ('189', 'CMPP', true, false),
    ('246', 'ESAT', true, false),
    ('249', 'ESRP', true, false),
    ('255', 'MAS', true, false),
    ('165', 'ACT', true, false),
    ('178', 'CAARUD', true, false),
    ('180', 'LHSS', true, false),
    ('213', 'LAM', true, false),
    ('197', 'CSAPA', true, false)
) as known (category, title, ars, council);

alter table establishment_copy
    add column category   text not null default '',
    add column department text not null default '';

-- Commitments, money, clauses, annexes, associated third parties.
alter table contract_version add column content jsonb not null default '{}';
alter table contract_version alter column content drop default;

-- Sites of voluntary contracts may be in another contract as well; an amendment may move the days of a site.
alter table contract_site
    add column exclusive boolean not null default true,
    drop constraint contract_site_pkey,
    drop constraint contract_site_one_contract,
    add constraint contract_site_one_contract
        exclude using gist (establishment with =, period with &&) where (exclusive),
    add constraint contract_site_once exclude using gist (contract_id with =, establishment with =, period with &&);
alter table contract_site alter column exclusive drop default;
create index contract_site_contract_idx on contract_site (contract_id);

grant select on regime_axis, regime_opinion, category_competence to cpom_app, cpom_machine;
grant update (period) on contract_site to cpom_app;
