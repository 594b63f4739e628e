-- Amendments in effect change the perimeter of their contract, by day of effect then by number, in whatever order they
-- are told; the targets of those that wait for signatures stand still.
alter table contract_copy
    add column frozen_amendments  uuid[]   not null default '{}',
    add column amended_on         date,
    add column amendment_number   integer,
    add constraint contract_copy_amended_check check ((amended_on is null) = (amendment_number is null));

alter table contract_copy alter column frozen_amendments drop default;
