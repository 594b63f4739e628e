-- The dated rules by which occupancy modulates the allowances of EHPAD. Legal figures are rows with their source.
create table modulation_parameter (
    section            text      not null,
    first_year         smallint  not null,
    last_year          smallint,
    -- The rule holds where the allowance is at least this share of the result of the tariff equation, in percent …
    convergence_from   numeric   not null,
    -- … and below this one.
    convergence_below  numeric,
    -- Occupancy in percent; none for no modulation.
    threshold          numeric,
    -- Percent of the allowance for each point of difference.
    slope              numeric   not null,
    upward             boolean   not null,
    neutralised        boolean   not null,
    source             text      not null,
    constraint modulation_parameter_pkey primary key (section, first_year, convergence_from),
    constraint modulation_parameter_section_check check (section in ('care', 'dependence')),
    constraint modulation_parameter_years_check check (last_year is null or first_year <= last_year)
);

-- CASF R314-160 and R314-174; thresholds of the arrêté of 28 September 2017. 2020 and 2021 were neutralised during the
-- epidemic. That the care section may rise is read from R314-160 3°: an authority that reads it otherwise sets `upward` to
-- false.
insert into modulation_parameter
    (section, first_year, last_year, convergence_from, convergence_below, threshold, slope, upward, neutralised, source)
select
    section,
    first_year,
    last_year,
    convergence_from,
    convergence_below,
    threshold,
    0.5,
    section = 'care' and threshold is not null,
    first_year in (2020, 2021),
    case section when 'care' then 'CASF R314-160' else 'CASF R314-174' end
        || ' ; arrêté du 28 septembre 2017'
        || case when first_year in (2020, 2021) then ' ; neutralisation (épidémie de covid-19), à confirmer' else '' end
from
    (values ('care'), ('dependence')) as sections (section),
    (values
        (2018, 2018,  100, null, 95),
        (2019, 2019,  100, null, 95),
        (2020, 2020,  100, null, 95),
        (2021, 2021,  100, null, 95),
        (2022, 2022,  100, null, 95),
        (2023, 2023,  100, null, 95),
        (2018, 2018,   90,  100, 90),
        (2019, 2019,   90,  100, 91),
        (2020, 2020,   90,  100, 92),
        (2021, 2021,   90,  100, 93),
        (2022, 2022,   90,  100, 94),
        (2023, 2023,   90,  100, 95),
        (2018, 2018,    0,   90, null),
        (2019, 2019,    0,   90, null),
        (2020, 2020,    0,   90, null),
        (2021, 2021,    0,   90, null),
        (2022, 2022,    0,   90, null),
        (2023, 2023,    0,   90, null),
        -- Convergence is supposed complete.
        (2024, null,    0, null, 95)
    ) as thresholds (first_year, last_year, convergence_from, convergence_below, threshold);

grant select on modulation_parameter to cpom_app;
