-- What contracts are found by. Sites copied before keep no commune until the registry speaks of them again.
alter table establishment_copy add column commune text not null default '';

-- Contracts in force are public.
create index contract_published_idx on contract (created_at, id) where state in ('IN_FORCE', 'NOTICE_OF_TERMINATION');
