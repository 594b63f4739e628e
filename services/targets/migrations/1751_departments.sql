-- The départements whose councils sign a contract, as its text tells: who may read its targets for a département. Empty for
-- what was told before; the next version of a text, its taking effect, or a copy rebuilt from the history tells them.
alter table contract_copy add column councils text[] not null default '{}';
create index contract_copy_councils_idx on contract_copy using gin (councils);
