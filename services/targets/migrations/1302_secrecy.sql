-- From which count on a count is told. Dated, with its source: the rule is the producer’s, not the law’s.
create table secrecy_threshold (
    valid_from     date  not null,
    smallest_told  int   not null,
    source         text  not null,
    constraint secrecy_threshold_pkey primary key (valid_from),
    constraint secrecy_threshold_check check (smallest_told between 2 and 1000)
);

insert into secrecy_threshold (valid_from, smallest_told, source) values
    ('2010-01-01', 11, 'ATIH et CNIL, données du PMSI : aucun effectif de 1 à 10 n’est diffusé');

grant select on secrecy_threshold to cpom_app;

-- A count with cells masked at the source is told as masked: nobody here knows it.
alter table published_rate
    drop constraint published_rate_state_check,
    drop constraint published_rate_suppressed_check,
    add constraint published_rate_state_check check (state in ('known', 'no_reference', 'suppressed', 'masked')),
    add constraint published_rate_hidden_check check (
        state not in ('suppressed', 'masked')
        or (cases is null and crude is null and direct is null and index_value is null and indirect is null
            and expected is null and index_low is null and index_high is null
            and ambulatory_cases is null and ambulatory_share is null)
    );
