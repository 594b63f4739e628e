-- The last day of a contract is told by its own events and by those of its amendments, which come on ways of their own: the
-- last word by the clock of their owner counts, whichever comes last. Null: told before this was kept.
alter table contract_copy add column term_at timestamptz;
