-- The equation of care at home (SSIAD, and the care of services autonomie): amounts of the year are statements, as values of
-- the point are.
alter table statement drop constraint statement_kind_check;
alter table statement add constraint statement_kind_check
    check (kind in ('waiting_list', 'allowance', 'funding', 'allowance_target', 'point_value', 'home_care_amounts'));

-- Which places its structural part counts on 31 December before, and by how much it rises overseas. Legal figures are rows
-- with their source.
create table home_care_parameter (
    first_year        smallint  not null,
    last_year         smallint,
    places            text      not null,
    overseas_percent  numeric   not null,
    source            text      not null,
    constraint home_care_parameter_pkey primary key (first_year),
    constraint home_care_parameter_years_check check (last_year >= first_year),
    constraint home_care_parameter_places_check check (places in ('authorised', 'installed', 'financed')),
    constraint home_care_parameter_overseas_check check (overseas_percent between 0 and 100)
);

insert into home_care_parameter (first_year, last_year, places, overseas_percent, source)
values (
    2023, null, 'installed', 20,
    'LFSS 2023, article 68, et décret du 28 avril 2023, d’après la presse spécialisée : places installées au 31 décembre '
        'pour l’une (Géroscopie, 2 mai 2023), autorisées pour l’autre (Baker Tilly) ; à confirmer par l’autorité de tarification'
);

grant select on home_care_parameter to cpom_app;
