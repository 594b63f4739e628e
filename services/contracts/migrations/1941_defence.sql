-- Guard C13: the minister of defence is consulted before the termination of a contract that bears on the health support of
-- the armed forces (CSP L1435-3-1, L6114-1-1). The law gives no delay for the answer: the agency’s letter says until when it
-- is awaited. Where the minister says that the termination would compromise that mission, it comes after a delay that is
-- sufficient for its continuity; the law gives no figure for that either.

-- Categories of the establishments of the armed forces health service.
create table defence_category (
    category   text not null,
    title      text not null,
    valid_from date not null,
    -- Last day; none while it holds.
    valid_to   date,
    source     text not null,
    constraint defence_category_pkey primary key (category, valid_from),
    constraint defence_category_days check (valid_to >= valid_from)
);
insert into defence_category (category, title, valid_from, source)
select category, title, date '2018-01-19', 'Nomenclature FINESS du 26 mai 2025 ; ordonnance 2018-20 (CSP L1435-3-1), jour d’application à vérifier'
from (values
    ('114', 'Hôpital des armées'),
    ('115', 'Établissement du service de santé des armées')
) as known (category, title);

alter table procedure
    add column defence_asked_on         date,
    add column defence_answer_by        date,
    add column defence_letter           text,
    add column defence_letter_files     jsonb,
    add column defence_asked_by         text,
    add column defence_asked_by_kind    text,
    add column defence_asked_by_role    text,
    add column defence_answered_on      date,
    add column defence_answer           text,
    add column defence_answer_files     jsonb,
    -- Last day of the delay that the continuity of the mission needs; none where the minister raised nothing.
    add column defence_until            date,
    add column defence_answered_by      text,
    add column defence_answered_by_kind text,
    add column defence_answered_by_role text;

alter table procedure
    add constraint procedure_defence_of_a_termination check (defence_asked_on is null or kind = 'TERMINATION'),
    add constraint procedure_defence_request_facts check (
        num_nonnulls(
            defence_asked_on, defence_answer_by, defence_letter, defence_letter_files, defence_asked_by,
            defence_asked_by_kind, defence_asked_by_role
        ) in (0, 7)
        and defence_answer_by >= defence_asked_on
    ),
    add constraint procedure_defence_answer_facts check (
        num_nonnulls(
            defence_answered_on, defence_answer, defence_answer_files, defence_answered_by, defence_answered_by_kind,
            defence_answered_by_role
        ) in (0, 6)
        and (defence_answered_on is null or defence_asked_on is not null)
        and (defence_until is null or defence_answered_on is not null)
        and defence_answered_on >= defence_asked_on
        and defence_until >= defence_answered_on
    ),
    -- No decision while the answer is awaited, and no end before the mission goes on without the contract.
    add constraint procedure_decided_after_defence check (
        defence_asked_on is null or decided_on is null
        or defence_answered_on is not null or decided_on > defence_answer_by
    ),
    add constraint procedure_ends_after_defence check (termination_on >= defence_until),
    add constraint procedure_defence_by_a_person check (
        defence_asked_by_kind = 'human' and defence_answered_by_kind = 'human'
    );

grant select on defence_category to cpom_app;
grant update (
    defence_asked_on, defence_answer_by, defence_letter, defence_letter_files, defence_asked_by, defence_asked_by_kind,
    defence_asked_by_role, defence_answered_on, defence_answer, defence_answer_files, defence_until, defence_answered_by,
    defence_answered_by_kind, defence_answered_by_role
) on procedure to cpom_app;
