-- How far each stream of indicators got.
create table submission (
    id             uuid         not null,
    region         text         not null,
    source         text         not null,
    -- Subject of the token that opened it.
    submitter      text         not null,
    -- The connection that may write. Opening the submission again takes the pen from the connection before.
    writer         uuid         not null,
    last_sequence  bigint       not null,
    accepted       bigint       not null,
    rejected       bigint       not null,
    created_at     timestamptz  not null,
    updated_at     timestamptz  not null,
    constraint submission_pkey primary key (id),
    constraint submission_counts_check check (last_sequence >= 0 and accepted >= 0 and rejected >= 0)
);

grant select, insert, update on submission to cpom_app;
