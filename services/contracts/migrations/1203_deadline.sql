-- What is due, for whom and when; and who is told by e-mail.

-- Written again with each change of its subject, in the same unit of work.
create table deadline (
    subject      text    not null,
    kind         text    not null,
    rank         integer not null,
    contract_id  uuid    not null,
    region       text    not null,
    due          date    not null,
    side         text    not null,
    role         text    not null,
    shared       boolean not null,
    constraint deadline_pkey primary key (subject, kind, rank),
    constraint deadline_contract_fkey foreign key (contract_id) references contract (id),
    constraint deadline_side_known check (side in ('ARS', 'ESTABLISHMENT'))
);
create index deadline_region_idx on deadline (region, due, subject, kind, rank);
create index deadline_due_idx on deadline (due, subject, kind, rank);
create index deadline_contract_idx on deadline (contract_id, due);

-- How somebody wants to be reminded. Their rights are those of their token on the day they confirmed.
create table notice_preference (
    subject      text        not null,
    version      bigint      not null,
    email        text        not null,
    frequency    text        not null,
    roles        text[]      not null,
    -- None for every region.
    regions      text[],
    entities     text[]      not null,
    confirmed_on date        not null,
    updated_at   timestamptz not null,
    constraint notice_preference_pkey primary key (subject),
    constraint notice_preference_version_positive check (version > 0),
    constraint notice_preference_frequency_known check (frequency in ('NEVER', 'EACH', 'DAILY'))
);

-- How many days before the last day somebody is reminded; negative after it.
create table reminder_step (
    days_before integer not null,
    valid_from  date    not null,
    source      text    not null,
    constraint reminder_step_pkey primary key (days_before, valid_from),
    constraint reminder_step_bounded check (days_before between -365 and 365)
);
insert into reminder_step (days_before, valid_from, source) values
    (30, '2010-01-01', 'Usage : un mois avant l’échéance'),
    (7, '2010-01-01', 'Usage : une semaine avant l’échéance'),
    (1, '2010-01-01', 'Usage : la veille de l’échéance'),
    (-1, '2010-01-01', 'Usage : le lendemain de l’échéance');

-- E-mails to be sent and sent. The key says what about, so that several processes, or one that was down for days, tell
-- each thing once.
create table notice (
    id           uuid        not null,
    key          text        not null,
    recipient    text        not null,
    subject      text        not null,
    body         text        not null,
    created_at   timestamptz not null,
    attempts     integer     not null default 0,
    next_attempt timestamptz not null,
    last_error   text,
    sent_at      timestamptz,
    constraint notice_pkey primary key (id),
    constraint notice_key_key unique (key)
);
create index notice_unsent_idx on notice (next_attempt) where sent_at is null;

-- Which version of the rules the list was computed with: it is built again when the program knows a newer one.
create table deadline_build (
    rules    integer     not null,
    built_at timestamptz not null,
    constraint deadline_build_pkey primary key (rules)
);

grant select, insert, update, delete on deadline to cpom_app, cpom_machine;
grant select, insert, update on notice_preference to cpom_app;
grant select on notice_preference, reminder_step, delivery_consent to cpom_machine;
grant select on reminder_step to cpom_app;
-- To queue one once asks to see its key.
grant insert, select (key) on notice to cpom_app;
grant select, insert, update on notice to cpom_machine;
grant select, insert on deadline_build to cpom_machine;
