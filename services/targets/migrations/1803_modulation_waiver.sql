-- Decisions of the tariff authority to set aside all or part of a computed modulation (CASF R314-160 4°, R314-174 4°). Nothing
-- is ever changed: a later decision on the same establishment, year and section stands in place of the earlier one.
create table modulation_waiver (
    id                uuid                     not null,
    region            text                     not null,
    establishment     text     collate "C"     not null,
    tariff_year       smallint                 not null,
    section           text                     not null,
    -- What was computed, as it was told: a `ModulationProposal`.
    proposal          bytea                    not null,
    -- In percent of the change.
    waived_percent    numeric                  not null,
    waived_change     numeric                  not null,
    remaining_change  numeric                  not null,
    reason            text                     not null,
    reasons           text                     not null,
    -- The tariff decision it stands in.
    decision          text                     not null,
    decided_by        text                     not null,
    decided_kind      text                     not null,
    decided_role      text                     not null,
    decided_at        timestamptz              not null,
    constraint modulation_waiver_pkey primary key (id),
    constraint modulation_waiver_section_check check (section in ('care', 'dependence')),
    constraint modulation_waiver_percent_check check (waived_percent > 0 and waived_percent <= 100),
    constraint modulation_waiver_reason_check check (
        reason in ('works', 'administrative_closure', 'epidemic', 'staffing', 'opening', 'other')
    ),
    constraint modulation_waiver_reasons_check check (reasons <> ''),
    constraint modulation_waiver_by_a_person check (decided_kind = 'human')
);

create index modulation_waiver_establishment_idx on modulation_waiver (establishment, tariff_year);

create trigger modulation_waiver_append_only before update or delete on modulation_waiver
    for each row execute function refuse_change();
create trigger modulation_waiver_no_truncate before truncate on modulation_waiver
    for each statement execute function refuse_change();

-- A decision of a person: the role of consumers and clocks has no right on it.
grant select, insert on modulation_waiver to cpom_app;
