-- Parties that a signed amendment lets join or leave a contract of several legal entities. Written with its last signature;
-- the clock says when its day has come.
create table contract_member_move (
    amendment_id uuid    not null,
    contract_id  uuid    not null,
    -- The number of the amendment: of two with effect on a day, the later one counts.
    number       integer not null,
    party        text    not null,
    joins        boolean not null,
    effect_date  date    not null,
    in_effect    boolean not null default false,
    constraint contract_member_move_pkey primary key (amendment_id, party),
    constraint contract_member_move_amendment_fkey foreign key (amendment_id) references amendment (id),
    constraint contract_member_move_contract_fkey foreign key (contract_id) references contract (id)
);
create index contract_member_move_contract_idx on contract_member_move (contract_id, effect_date, number);

grant select, insert on contract_member_move to cpom_app;
grant update (in_effect) on contract_member_move to cpom_app, cpom_machine;
grant select on contract_member_move to cpom_machine;
-- On that day those who see the contract change with its parties.
grant insert, delete on contract_party, contract_council to cpom_machine;
