-- An amendment may carry other targets: the sets of a contract follow each other by date of effect.
alter table target_set
    add column sequence integer not null default 1,
    -- The amendment that carries the set; none for the contract itself.
    add column amendment uuid,
    add constraint target_set_sequence_key unique (contract, sequence),
    add constraint target_set_amendment_key unique (amendment);

alter table target_set alter column sequence drop default;

-- One set in effect and one in preparation for a contract.
drop index target_set_contract_key;
create unique index target_set_contract_key on target_set (contract) where state in ('draft', 'agreed');
create unique index target_set_in_effect_key on target_set (contract) where state = 'in_effect';
