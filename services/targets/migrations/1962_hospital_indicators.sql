-- What the SAE and the emergency departments (RPU) tell of a hospital and year, as DIAMANT exports them: beds and places on 31
-- December, which do not add up over months, days of long-term care and visits, which do.
insert into indicator_definition (code, title, unit, yearly_only, source) values
    ('EMERGENCY_VISITS',  'Passages aux urgences',                                              'acts',   false, 'RPU, DIAMANT'),
    ('HAD_CAPACITY',      'Patients pris en charge en même temps en hospitalisation à domicile', 'places', true,  'SAE, DIAMANT'),
    ('MEDICINE_BEDS',     'Lits de médecine',                                                   'places', true,  'SAE, DIAMANT'),
    ('MEDICINE_PLACES',   'Places de médecine',                                                 'places', true,  'SAE, DIAMANT'),
    ('OBSTETRICS_BEDS',   'Lits d’obstétrique',                                                 'places', true,  'SAE, DIAMANT'),
    ('OBSTETRICS_PLACES', 'Places d’obstétrique',                                               'places', true,  'SAE, DIAMANT'),
    ('PSY_FULL_PLACES',   'Lits et places de psychiatrie à temps complet',                      'places', true,  'SAE, DIAMANT'),
    ('PSY_PART_PLACES',   'Places de psychiatrie à temps partiel, hors ambulatoire',            'places', true,  'SAE, DIAMANT'),
    ('SMR_BEDS',          'Lits de soins médicaux et de réadaptation',                          'places', true,  'SAE, DIAMANT'),
    ('SMR_PLACES',        'Places de soins médicaux et de réadaptation',                        'places', true,  'SAE, DIAMANT'),
    ('SURGERY_BEDS',      'Lits de chirurgie',                                                  'places', true,  'SAE, DIAMANT'),
    ('SURGERY_PLACES',    'Places de chirurgie',                                                'places', true,  'SAE, DIAMANT'),
    ('USLD_BEDS',         'Lits de soins de longue durée',                                      'places', true,  'SAE, DIAMANT'),
    ('USLD_DAYS',         'Journées de soins de longue durée',                                  'days',   false, 'SAE, DIAMANT');
