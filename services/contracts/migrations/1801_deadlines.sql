-- Deadlines of what is about no contract; by which day each year is evaluated; steps of commitments that are done.

-- The publication of a programming is about no contract.
alter table deadline alter column contract_id drop not null;
-- The list is computed again by a machine when its rules are newer.
grant select on programming to cpom_machine;

-- Where a regime asks for an evaluation of each year: the day of the year after it by which it is due.
alter table legal_regime
    add column annual_month  integer,
    add column annual_day    integer,
    add column annual_source text,
    add constraint legal_regime_annual_facts check (num_nonnulls(annual_month, annual_day, annual_source) in (0, 3)),
    add constraint legal_regime_annual_bounded check (annual_month between 1 and 12 and annual_day between 1 and 31);
update legal_regime set
    annual_month = 6,
    annual_day = 30,
    annual_source = 'CSP D6114-7, D6114-8 dans leur rédaction de 2010 : rapport annuel d’étape ; aucun texte n’en fixe le jour, le 30 juin de l’année suivante est un usage, à confirmer'
where code = 'R2010_HPST';

-- A step is named by its commitment, its title and its day as the contract gave them: another day, given by an amendment,
-- makes another step. Recorded once, and never taken back.
create table step_done (
    id            uuid        not null,
    contract_id   uuid        not null,
    region        text        not null,
    commitment    text        not null,
    title         text        not null,
    due_date      date        not null,
    done_date     date        not null,
    note          text        not null,
    attachments   jsonb       not null,
    recorded_by   text        not null,
    recorded_kind text        not null,
    recorded_role text        not null,
    recorded_at   timestamptz not null,
    constraint step_done_pkey primary key (id),
    constraint step_done_contract_fkey foreign key (contract_id) references contract (id),
    constraint step_done_once unique (contract_id, commitment, title, due_date),
    constraint step_done_by_a_person check (recorded_kind = 'human')
);
create trigger step_done_append_only before update or delete or truncate on step_done
    for each statement execute function refuse_change();
grant select, insert on step_done to cpom_app;
grant select on step_done to cpom_machine;
