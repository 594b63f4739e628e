-- The indicators that can be targeted and submitted.
create table indicator_definition (
    code         text     not null,
    title        text     not null,
    unit         text     not null,
    -- A stock, a rate or a delay: the months of a year do not add up.
    yearly_only  boolean  not null,
    source       text     not null,
    constraint indicator_definition_pkey primary key (code),
    constraint indicator_definition_code_check check (code ~ '^[A-Z][A-Z0-9_]{1,39}$'),
    constraint indicator_definition_unit_check check (unit in (
        'stays', 'sessions', 'days', 'patients', 'acts', 'places', 'sites', 'devices', 'percent', 'minutes'
    ))
);

insert into indicator_definition (code, title, unit, yearly_only, source) values
    ('ACCESS_MINUTES',  'Temps maximal d’accès',                                       'minutes',  true,  'Schéma régional de santé (CSP D6121-7)'),
    ('EHPAD_DAYS',      'Journées réalisées en hébergement permanent',                 'days',     false, 'ERRD (CASF R314-160)'),
    ('EHPAD_OCCUPANCY', 'Taux d’occupation de l’hébergement permanent',                'percent',  true,  'ERRD (CASF R314-160)'),
    ('HAD_DAYS',        'Journées d’hospitalisation à domicile',                       'days',     false, 'PMSI HAD'),
    ('IMAGING_DEVICES', 'Appareils d’imagerie en coupes',                              'devices',  true,  'SI Autorisations (CSP D6121-8)'),
    ('MCO_DAY_STAYS',   'Séjours en hospitalisation partielle (MCO)',                  'stays',    false, 'PMSI MCO'),
    ('MCO_FULL_STAYS',  'Séjours en hospitalisation complète (MCO)',                   'stays',    false, 'PMSI MCO'),
    ('MCO_SESSIONS',    'Séances (MCO)',                                               'sessions', false, 'PMSI MCO'),
    ('MCO_STAYS',       'Séjours hors séances (MCO)',                                  'stays',    false, 'PMSI MCO'),
    ('PLACES',          'Places installées',                                           'places',   true,  'SAE'),
    ('PSY_DAYS',        'Journées d’hospitalisation complète en psychiatrie',          'days',     false, 'PMSI PSY'),
    ('SITES',           'Implantations autorisées',                                    'sites',    true,  'SI Autorisations (CSP D6121-6)'),
    ('SMR_DAYS',        'Journées de soins médicaux et de réadaptation',               'days',     false, 'PMSI SMR');

grant select on indicator_definition to cpom_app, cpom_machine;
