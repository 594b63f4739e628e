-- What the dashboard of medico-social establishments measures each year beside what establishments are compared on.
insert into indicator_definition (code, title, unit, yearly_only, source) values
    ('MS_ACTIVITY_RATE', 'Taux de réalisation de l’activité', 'percent', true, 'Tableau de bord de la performance du secteur médico-social (ANAP, ATIH)');
