-- The departmental councils that sign the current text: who may see the contract for a département.
create table contract_council (
    contract_id uuid not null,
    department  text not null,
    constraint contract_council_pkey primary key (contract_id, department),
    constraint contract_council_contract_fkey foreign key (contract_id) references contract (id)
);
create index contract_council_department_idx on contract_council (department, contract_id);

insert into contract_council (contract_id, department)
select distinct contract.id, council.code
from contract
join contract_version as current
    on current.contract_id = contract.id and current.number = contract.text_version
cross join lateral jsonb_array_elements_text(current.content -> 'departmental_councils') as council (code);

grant select, insert, delete on contract_council to cpom_app;
grant select on contract_council to cpom_machine;

-- A council takes positions and proposes amendments of its own money; the agency and the establishment alone agree.
alter table contract_position drop constraint contract_position_side_known;
alter table contract_position add constraint contract_position_side_known
    check (side in ('ARS', 'ESTABLISHMENT', 'DEPARTMENT'));
alter table amendment drop constraint amendment_sides_known;
alter table amendment add constraint amendment_sides_known check (
    proposed_by in ('ARS', 'ESTABLISHMENT', 'DEPARTMENT')
    and (agreed_by is null or (state = 'NEGOTIATION' and agreed_by in ('ARS', 'ESTABLISHMENT')))
);
