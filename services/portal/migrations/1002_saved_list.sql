-- Searches that people keep under a name, for themselves or for the colleagues of their region.

create table saved_list (
    id         uuid        not null,
    -- Whoever keeps it; nobody else takes it away.
    owner      text        not null,
    owner_name text        not null,
    -- The region whose agents see it; null: its owner alone.
    region     text,
    title      text        not null,
    -- What comes after `?` in the address of the list.
    query      text        not null,
    created_at timestamptz not null,
    constraint saved_list_pkey primary key (id),
    constraint saved_list_title_key unique (owner, title),
    constraint saved_list_title_length check (length(title) between 1 and 80),
    constraint saved_list_query_length check (length(query) between 1 and 1000)
);
create index saved_list_region_idx on saved_list (region);

grant select, insert, delete on saved_list to cpom_app;
