-- What a mandate covers, the third parties associated to one contract, and who decides in place of the director general.

alter table mandate
    add column matters     text[] not null default '{SIGNATURE}',
    add column contract_id uuid,
    add constraint mandate_contract_fkey foreign key (contract_id) references contract (id),
    add constraint mandate_matters_known check (matters <@ array['SIGNATURE', 'PROCEDURES'] and cardinality(matters) > 0),
    -- Codes of third parties are those of one text.
    add constraint mandate_contract_of_associated check ((contract_id is not null) = (party like 'associatedParties/%')),
    add constraint mandate_procedures_by_agency check (party = 'ars' or not matters @> array['PROCEDURES']);
alter table mandate alter column matters drop default;

-- A step of the director general is done by them, or by that very person to whom an act of the agency delegates it.
alter table procedure
    add column opened_mandate   uuid,
    add column noticed_mandate  uuid,
    add column extended_mandate uuid,
    add column decided_mandate  uuid,
    add column dropped_mandate  uuid,
    add column delegating_party text generated always as ('ars') stored,
    drop constraint procedure_by_a_director_general,
    add constraint procedure_by_a_director_general check (
        (opened_by_role = 'director_general' or opened_mandate is not null)
        and (noticed_by_role = 'director_general' or noticed_mandate is not null)
        and (extended_by_role = 'director_general' or extended_mandate is not null)
        and (decided_by_role = 'director_general' or decided_mandate is not null)
        and (dropped_by_role = 'director_general' or dropped_mandate is not null)
    ),
    add constraint procedure_opened_mandate_fkey
        foreign key (opened_mandate, delegating_party, opened_by) references mandate (id, party, subject),
    add constraint procedure_noticed_mandate_fkey
        foreign key (noticed_mandate, delegating_party, noticed_by) references mandate (id, party, subject),
    add constraint procedure_extended_mandate_fkey
        foreign key (extended_mandate, delegating_party, extended_by) references mandate (id, party, subject),
    add constraint procedure_decided_mandate_fkey
        foreign key (decided_mandate, delegating_party, decided_by) references mandate (id, party, subject),
    add constraint procedure_dropped_mandate_fkey
        foreign key (dropped_mandate, delegating_party, dropped_by) references mandate (id, party, subject);
grant update (opened_mandate, noticed_mandate, extended_mandate, decided_mandate, dropped_mandate) on procedure to cpom_app;
