-- Lists by state begin where the state does, however many other contracts there are.
create index contract_state_list_idx on contract (state, created_at, id);
create index review_state_list_idx on review (state, created_at, id);
create index procedure_state_list_idx on procedure (state, proposed_at, id);
