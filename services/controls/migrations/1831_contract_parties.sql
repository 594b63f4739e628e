-- Who is party changes by amendments. The amendment that told the parties last: its first day and its number.
alter table contract_copy
    add column parties_day    date,
    add column parties_number integer,
    add constraint contract_copy_parties_known check (num_nonnulls(parties_day, parties_number) in (0, 2));

-- Their numbers, as callers have them: `legalEntities/130786049` was kept as it was told.
update contract_copy set
    legal_entities = array(select regexp_replace(name, '^.*/', '') from unnest(legal_entities) as name),
    establishments = array(select regexp_replace(name, '^.*/', '') from unnest(establishments) as name);
