-- Axes of national policy, as a text of a date names them. A version never changes.
create table axis_version (
    id          text         not null,
    valid_from  date         not null,
    source      text         not null,
    created_at  timestamptz  not null,
    constraint axis_version_pkey primary key (id)
);

create table axis (
    version  text     not null,
    place    integer  not null,
    code     text     not null,
    title    text     not null,
    constraint axis_pkey primary key (version, code),
    constraint axis_version_fkey foreign key (version) references axis_version (id)
);

create trigger axis_version_append_only before update or delete on axis_version
    for each row execute function refuse_change();
create trigger axis_append_only before update or delete on axis
    for each row execute function refuse_change();

-- The five axes that the schemes of 2012 to 2016 follow.
insert into axis_version (id, valid_from, source, created_at) values
    ('axes-nationaux-2011', '2011-01-01', 'Priorités nationales des projets régionaux de santé, reprises par le SROMS PACA 2012-2016, chapitre 1', '2011-01-01T00:00:00Z');
insert into axis (version, place, code, title) values
    ('axes-nationaux-2011', 1, 'DISABILITY_AND_AGEING', 'Handicap et vieillissement'),
    ('axes-nationaux-2011', 2, 'PERINATAL_AND_EARLY_CHILDHOOD', 'Périnatalité et petite enfance'),
    ('axes-nationaux-2011', 3, 'CHRONIC_DISEASES', 'Maladies chroniques'),
    ('axes-nationaux-2011', 4, 'MENTAL_HEALTH', 'Santé mentale'),
    ('axes-nationaux-2011', 5, 'WATCH_AND_SAFETY', 'Veille et sécurité');

grant select, insert on axis_version, axis to cpom_app;

-- Regional schemes. `version` counts the events and is the etag; `record` is what the scheme says and by which act.
create table scheme (
    id          uuid         not null,
    version     bigint       not null,
    region      text         not null,
    state       text         not null,
    record      jsonb        not null,
    created_at  timestamptz  not null,
    updated_at  timestamptz  not null,
    constraint scheme_pkey primary key (id),
    constraint scheme_state_check check (
        case state
            when 'draft' then record -> 'state' = '"draft"'
            when 'adopted' then record -> 'state' ? 'adopted'
            else false
        end
    )
);

-- One draft of a region at a time, and one scheme that begins on a day.
create unique index scheme_draft_key on scheme (region) where state = 'draft';
create unique index scheme_first_day_key on scheme (region, (record -> 'content' -> 'valid_from')) where state = 'adopted';

-- People draft and adopt; no machine does.
grant select, insert, update on scheme to cpom_app;
