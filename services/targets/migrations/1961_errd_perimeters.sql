-- Which establishments a deposit of an ERRD or EPRD covers.
alter table finance_import drop constraint finance_import_layout_check;
alter table finance_import add constraint finance_import_layout_check
    check (layout in ('ca', 'errd', 'errd_legal_entity', 'hospital', 'hapi', 'perimeter'));
