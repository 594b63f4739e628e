-- What became of findings elsewhere, as the events of the contracts service tell it: names, instants, persons and
-- outcomes; neither reasons nor observations.
create table follow_up (
    event_id     uuid        not null,
    -- The resource that changed, and its position in the history of it.
    resource     text        not null,
    version      bigint      not null,
    -- The review it is about, where the event says so.
    review       text,
    contract_id  uuid,
    campaign_id  uuid,
    type         text        not null,
    at           timestamptz not null,
    actor        text        not null,
    outcome      text        not null,
    constraint follow_up_pkey primary key (event_id),
    constraint follow_up_version_key unique (resource, version)
);
create index follow_up_contract_idx on follow_up (contract_id, campaign_id);
create index follow_up_campaign_idx on follow_up (campaign_id);
create index follow_up_review_idx on follow_up (review);
create trigger follow_up_append_only before update or delete or truncate on follow_up
    for each statement execute function refuse_change();

grant select on follow_up to cpom_app;
grant select, insert on follow_up to cpom_machine;
