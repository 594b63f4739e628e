-- Beside waiting lists, allowances and funding: what allowances are to be, years ahead, and values of the point of the tariff
-- equation. Append-only as they are.
alter table statement drop constraint statement_kind_check;
alter table statement add constraint statement_kind_check
    check (kind in ('waiting_list', 'allowance', 'funding', 'allowance_target', 'point_value'));

-- The weight of the PMP in the tariff equation of EHPAD. Legal figures are rows with their source.
create table equation_parameter (
    first_year       smallint  not null,
    last_year        smallint,
    pmp_coefficient  numeric   not null,
    source           text      not null,
    constraint equation_parameter_pkey primary key (first_year),
    constraint equation_parameter_years_check check (last_year >= first_year),
    constraint equation_parameter_coefficient_check check (pmp_coefficient > 0)
);

insert into equation_parameter (first_year, last_year, pmp_coefficient, source)
values (2010, null, 2.59, 'CASF R314-159 et annexe 3-6 ; coefficient en usage, à confirmer par l’autorité de tarification');

grant select on equation_parameter to cpom_app;
