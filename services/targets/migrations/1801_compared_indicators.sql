-- What establishments of a category are compared on, beside their occupancy: averages and rates of a year, whose months do
-- not add up.
insert into indicator_definition (code, title, unit, yearly_only, source) values
    ('MS_STAY_DAYS',       'Durée moyenne de séjour ou d’accompagnement',      'days',    true, 'Tableau de bord de la performance (ANAP), DIAMANT'),
    ('MS_ABSENCE_DAYS',    'Journées d’absence par personne accompagnée',      'days',    true, 'Tableau de bord de la performance (ANAP), DIAMANT'),
    ('MS_PLACE_TURNOVER',  'Taux de rotation des places financées',            'percent', true, 'Tableau de bord de la performance (ANAP)'),
    ('MS_ABSENTEEISM',     'Taux d’absentéisme du personnel, hors formation',  'percent', true, 'Tableau de bord de la performance (ANAP), DIAMANT'),
    ('MS_STAFF_TURNOVER',  'Taux de rotation du personnel',                    'percent', true, 'Tableau de bord de la performance (ANAP), DIAMANT'),
    ('MS_VACANT_POSTS',    'Taux d’ETP vacants au 31 décembre',                'percent', true, 'Tableau de bord de la performance (ANAP), DIAMANT');
