-- Below how many contracts nothing is told of a group that a finding is compared with: dated, with its source. A figure
-- that cuts a group into parts (median, quartiles, tenths) needs as many in each part.
create table secrecy_rule (
    first_day         date     not null,
    minimum_contracts integer  not null,
    source            text     not null,
    constraint secrecy_rule_pkey primary key (first_day),
    constraint secrecy_rule_minimum_check check (minimum_contracts between 2 and 100),
    constraint secrecy_rule_source_check check (source <> '')
);
insert into secrecy_rule (first_day, minimum_contracts, source) values (
    date '1951-06-07',
    3,
    'loi n° 51-711 du 7 juin 1951, article 6 ; règle de diffusion de l’Insee, reprise ici par analogie et à confirmer : aucun résultat sur moins de trois unités'
);
create trigger secrecy_rule_kept before update or delete or truncate on secrecy_rule
    for each statement execute function refuse_change();

grant select on secrecy_rule to cpom_app;
