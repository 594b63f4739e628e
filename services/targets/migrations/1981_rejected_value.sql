-- The values that a submission left out, as they were sent, each with its reason: the first 1,000 of each batch, so that
-- who sent them can come back to them. Written in the transaction that makes the batch durable.
create table rejected_value (
    submission  uuid    not null,
    sequence    bigint  not null,
    -- Place in the batch, from 0.
    position    int     not null,
    -- Texts as they were sent, cut when they are long.
    subject     text    not null,
    indicator   text    not null,
    period      text    not null,
    -- One of both, or none when nothing was sent.
    value       text,
    absence     int,
    field       text    not null,
    reason      text    not null,
    constraint rejected_value_pkey primary key (submission, sequence, position),
    constraint rejected_value_submission_fkey foreign key (submission) references submission (id) on delete cascade,
    constraint rejected_value_place_check check (sequence >= 1 and position >= 0),
    constraint rejected_value_content_check check (value is null or absence is null),
    constraint rejected_value_length_check check (
        char_length(subject) <= 200
        and char_length(indicator) <= 200
        and char_length(period) <= 200
        and (value is null or char_length(value) <= 200))
);

grant select, insert on rejected_value to cpom_app;

alter table submission
    -- How many of the rejected values are kept: the others are only counted, as all are that came before this table.
    add column rejected_kept   bigint  not null default 0,
    -- The numbers that the establishment who opened it acts for; none of an agency.
    add column establishments  text[]  not null default '{}',
    add constraint submission_kept_check check (rejected_kept between 0 and rejected);

-- Serves the list, the latest first. What a batch changes is not in it.
create index submission_list_idx on submission (created_at desc, id desc);
