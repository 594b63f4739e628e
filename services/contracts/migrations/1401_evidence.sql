-- Electronic signatures themselves, each beside the signature it proves. Signatures from before providers have none.

create table signature_evidence (
    contract_id    uuid   not null,
    freeze_version bigint not null,
    party          text   not null,
    -- Who made it.
    provider       text   not null,
    -- DER of a detached CMS signature over the frozen document.
    content        bytea  not null,
    constraint signature_evidence_pkey primary key (contract_id, freeze_version, party),
    constraint signature_evidence_signature_fkey foreign key (contract_id, freeze_version, party)
        references signature (contract_id, freeze_version, party)
        deferrable initially deferred
);

create table amendment_signature_evidence (
    amendment_id   uuid   not null,
    freeze_version bigint not null,
    party          text   not null,
    provider       text   not null,
    content        bytea  not null,
    constraint amendment_signature_evidence_pkey primary key (amendment_id, freeze_version, party),
    constraint amendment_signature_evidence_signature_fkey foreign key (amendment_id, freeze_version, party)
        references amendment_signature (amendment_id, freeze_version, party)
        deferrable initially deferred
);

create trigger signature_evidence_append_only before update or delete or truncate on signature_evidence
    for each statement execute function refuse_change();
create trigger amendment_signature_evidence_append_only
    before update or delete or truncate on amendment_signature_evidence
    for each statement execute function refuse_change();

grant select, insert on signature_evidence, amendment_signature_evidence to cpom_app;
