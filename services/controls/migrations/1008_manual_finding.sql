-- Programmes and missions: controls on documents and on site. Files are kept elsewhere, under their hash.
create table programme (
    id          uuid        not null,
    region      text        not null,
    year        integer     not null,
    title       text        not null,
    priorities  text        not null,
    author      text        not null,
    author_role text        not null,
    created_at  timestamptz not null,
    constraint programme_pkey primary key (id),
    constraint programme_region_key unique (id, region),
    constraint programme_year_check check (year between 1990 and 2100)
);
create index programme_list_idx on programme (region, id);
create trigger programme_append_only before update or delete or truncate on programme
    for each statement execute function refuse_change();

create table mission (
    id                uuid        not null,
    version           bigint      not null,
    region            text        not null,
    contract_id       uuid        not null,
    campaign_id       uuid        not null,
    control_id        uuid        not null,
    programme_id      uuid,
    kind              text        not null,
    letter_reference  text        not null,
    letter_date       date        not null,
    letter_signatory  text        not null,
    team              text[]      not null,
    start_date        date        not null,
    end_date          date        not null,
    state             text        not null,
    -- Conclusions of the report, or reasons of the cancellation.
    ending            text,
    ended_at          timestamptz,
    created_at        timestamptz not null,
    constraint mission_pkey primary key (id),
    constraint mission_control_fkey foreign key (control_id) references control (id),
    constraint mission_campaign_fkey foreign key (campaign_id) references campaign (id),
    constraint mission_programme_fkey foreign key (programme_id, region) references programme (id, region),
    constraint mission_kind_check check (kind in ('documents', 'on_site')),
    constraint mission_days_check check (letter_date <= start_date and start_date <= end_date),
    constraint mission_team_check check (cardinality(team) between 1 and 21),
    constraint mission_state_check check (state in ('open', 'reported', 'cancelled')),
    constraint mission_ending_check check (num_nulls(ending, ended_at) = case when state = 'open' then 2 else 0 end)
);
create index mission_list_idx on mission (region, id);
create index mission_contract_idx on mission (contract_id, id);
create index mission_campaign_idx on mission (campaign_id, id);

create function refuse_ended_change() returns trigger language plpgsql as $$
begin
    if old.state <> 'open' then
        raise exception 'a mission that is over stays as it is' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger mission_ended_once before update on mission
    for each row execute function refuse_ended_change();
create trigger mission_kept before delete or truncate on mission
    for each statement execute function refuse_change();

create table evidence (
    id           uuid        not null,
    mission_id   uuid        not null,
    title        text        not null,
    file_name    text        not null,
    media_type   text        not null,
    size_bytes   bigint      not null,
    sha256       bytea       not null,
    author       text        not null,
    author_role  text        not null,
    created_at   timestamptz not null,
    constraint evidence_pkey primary key (id),
    constraint evidence_mission_fkey foreign key (mission_id) references mission (id),
    constraint evidence_size_check check (size_bytes between 1 and 26214400),
    constraint evidence_sha256_check check (octet_length(sha256) = 32)
);
create index evidence_mission_idx on evidence (mission_id, id);
create trigger evidence_append_only before update or delete or truncate on evidence
    for each statement execute function refuse_change();

create table remark (
    id                uuid        not null,
    mission_id        uuid        not null,
    kind              text        not null,
    text              text        not null,
    severity          text        not null,
    legal_basis       text        not null,
    objective         text        not null,
    opposable         boolean     not null,
    penalty_eligible  boolean     not null,
    evidence          uuid[]      not null,
    author            text        not null,
    author_role       text        not null,
    created_at        timestamptz not null,
    constraint remark_pkey primary key (id),
    constraint remark_mission_fkey foreign key (mission_id) references mission (id),
    constraint remark_kind_check check (kind in ('remark', 'deviation')),
    constraint remark_severity_check check (
        case kind when 'remark' then severity = 'info' else severity in ('minor', 'major', 'grave') end
    ),
    constraint remark_basis_check check (kind = 'remark' or legal_basis <> '')
);
create index remark_mission_idx on remark (mission_id, id);
create trigger remark_append_only before update or delete or truncate on remark
    for each statement execute function refuse_change();

grant select, insert on programme, mission, evidence, remark to cpom_app;
grant update (version, state, ending, ended_at) on mission to cpom_app;
grant select on programme, mission, evidence, remark to cpom_machine;

-- A finding is computed, or established by a controller; it may be corrected by a person.
alter table finding
    drop constraint finding_objective_key,
    drop constraint finding_severity_check,
    add column origin             text    not null default 'computed',
    add column mission_id         uuid,
    add column remark_id          uuid,
    add column direction          text,
    add column consecutive_years  integer not null default 1,
    add column priority           boolean not null default false,
    add column legal_basis        text    not null default '',
    -- The event that raised a manual one, and that a person did.
    add column raised_by          uuid,
    add column raised_by_kind     text,
    -- The event that corrected it last, and that a person did.
    add column corrected_by       uuid,
    add column corrected_by_kind  text,
    add constraint finding_origin_check check (origin in ('computed', 'manual')),
    add constraint finding_manual_check check (
        num_nulls(mission_id, remark_id, raised_by, raised_by_kind) = case when origin = 'manual' then 0 else 4 end
    ),
    add constraint finding_mission_fkey foreign key (mission_id) references mission (id),
    add constraint finding_remark_fkey foreign key (remark_id) references remark (id),
    add constraint finding_remark_key unique (remark_id),
    add constraint finding_raised_by_fkey foreign key (raised_by, raised_by_kind) references event (id, actor_kind),
    add constraint finding_raised_by_person check (raised_by_kind = 'human'),
    add constraint finding_corrected_by_fkey foreign key (corrected_by, corrected_by_kind)
        references event (id, actor_kind),
    add constraint finding_corrected_by_person check (corrected_by_kind = 'human'),
    add constraint finding_direction_check check (direction in ('below', 'above')),
    add constraint finding_years_check check (consecutive_years between 1 and 120),
    -- Graver than major is for a person to say.
    add constraint finding_severity_check check (
        severity in ('info', 'minor', 'major') or (severity = 'grave' and origin = 'manual')
    );
create unique index finding_objective_key on finding (control_id, objective) where origin = 'computed';
create index finding_row_of_years_idx on finding (contract_id, year) where origin = 'computed';
create index finding_mission_idx on finding (mission_id) where mission_id is not null;

-- The worker computes, people establish: neither does what the other does.
create function finding_rights() returns trigger language plpgsql as $$
begin
    if (current_user = 'cpom_machine' and new.origin <> 'computed')
        or (current_user = 'cpom_app' and new.origin <> 'manual') then
        raise exception 'the worker raises what is computed, and people what they established'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger finding_rights before insert on finding
    for each row execute function finding_rights();

-- What was established changes with a correction and never without one.
create function refuse_silent_correction() returns trigger language plpgsql as $$
begin
    if (new.severity, new.direction, new.trace) is distinct from (old.severity, old.direction, old.trace)
        and (new.corrected_by is null or new.corrected_by is not distinct from old.corrected_by) then
        raise exception 'a finding is corrected by a person, with reasons' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger finding_corrected_by_person before update on finding
    for each row execute function refuse_silent_correction();

create table finding_correction (
    finding_id         uuid        not null,
    -- The version it brought the finding to.
    version            bigint      not null,
    reasons            text        not null,
    author             text        not null,
    author_role        text        not null,
    corrected_at       timestamptz not null,
    previous_severity  text        not null,
    previous_summary   text        not null,
    severity           text        not null,
    constraint finding_correction_pkey primary key (finding_id, version),
    constraint finding_correction_finding_fkey foreign key (finding_id) references finding (id)
);
create trigger finding_correction_append_only before update or delete or truncate on finding_correction
    for each statement execute function refuse_change();

grant insert on finding to cpom_app;
grant update (severity, direction, trace, corrected_by, corrected_by_kind) on finding to cpom_app;
grant select, insert on finding_correction to cpom_app;
grant select on finding_correction to cpom_machine;
