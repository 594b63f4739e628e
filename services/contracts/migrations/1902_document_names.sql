-- What the registry called the entities and sites of a document on the day it was frozen, sent or taken. The text that is
-- signed names them by their FINESS numbers; its PDF edition shows the names beside them, and stays the same when the
-- registry changes. Documents from before have none, and show numbers.
create table document_names (
    kind    text   not null,
    -- `contracts/{uuid}`, `amendments/{uuid}` or `procedures/{uuid}`.
    subject text   not null,
    -- The freeze that it is of; 0 for what is made once.
    version bigint not null,
    -- Titles by FINESS number.
    names   jsonb  not null,
    constraint document_names_pkey primary key (subject, kind, version),
    constraint document_names_kind_known check (kind in ('CONTRACT', 'AMENDMENT', 'FORMAL_NOTICE', 'DECISION'))
);
create trigger document_names_append_only before update or delete or truncate on document_names
    for each statement execute function refuse_change();
grant select, insert on document_names to cpom_app;
