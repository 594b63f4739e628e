-- What occupancy and the clauses of contracts under CASF L313-12-2 are computed from.
insert into indicator_definition (code, title, unit, yearly_only, source) values
    ('EHPAD_PRESENCE_DAYS',         'Journées de présence en hébergement permanent',                       'days',     false, 'ERRD, annexe activité'),
    ('EHPAD_SHORT_ABSENCE_DAYS',    'Journées d’absence de moins de 72 heures en hébergement permanent',   'days',     false, 'ERRD, annexe activité (CASF R314-160)'),
    ('TEMPORARY_DAYS',              'Journées réalisées en hébergement temporaire',                        'days',     false, 'ERRD, annexe activité'),
    ('DAY_CARE_DAYS',               'Journées réalisées en accueil de jour',                               'days',     false, 'ERRD, annexe activité'),
    ('BOARDING_DAYS',               'Journées réalisées en internat',                                      'days',     false, 'ERRD, annexe activité'),
    ('BOARDING_PRESENCE_DAYS',      'Journées de présence en internat',                                    'days',     false, 'ERRD, annexe activité'),
    ('BOARDING_SHORT_ABSENCE_DAYS', 'Journées d’absence de moins de 72 heures en internat',                'days',     false, 'ERRD, annexe activité'),
    ('SEMI_BOARDING_DAYS',          'Journées réalisées en semi-internat et externat',                     'days',     false, 'ERRD, annexe activité'),
    ('HOME_SUPPORT_DAYS',           'Journées d’accompagnement en milieu ordinaire',                       'days',     false, 'ERRD, annexe activité'),
    ('MS_PERSONS',                  'File active : personnes accompagnées dans l’année',                   'patients', true,  'ERRD, annexe activité (CASF R314-43-2)'),
    ('MS_SERVICES',                 'Prestations réalisées dans l’année',                                  'acts',     false, 'ERRD, annexe activité (CASF R314-43-2)');
