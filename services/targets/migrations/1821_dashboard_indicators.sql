-- What the dashboard of medico-social establishments measures each year beside their activity.
insert into indicator_definition (code, title, unit, yearly_only, source) values
    ('MS_ACTIVITY_RATE',  'Taux de réalisation de l’activité',           'percent', true, 'Tableau de bord de la performance du secteur médico-social (ANAP, ATIH)'),
    ('MS_ABSENTEEISM',    'Taux d’absentéisme, hors formation',          'percent', true, 'Tableau de bord de la performance du secteur médico-social (ANAP, ATIH)'),
    ('MS_VACANT_POSTS',   'Taux d’emplois vacants au 31 décembre (ETP)', 'percent', true, 'Tableau de bord de la performance du secteur médico-social (ANAP, ATIH)'),
    ('MS_STAFF_TURNOVER', 'Taux de rotation du personnel',               'percent', true, 'Tableau de bord de la performance du secteur médico-social (ANAP, ATIH)');
