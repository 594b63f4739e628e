-- Documents as people read them, and the templates of regions.

-- What was set once is what everybody gets, whatever sets it later: a document that binds never changes its bytes.
create table edition (
    -- Of the template, the data and whatever else the document is made of.
    input_sha256 bytea       not null,
    -- `contracts/{uuid}`, `amendments/{uuid}` or `procedures/{uuid}`.
    subject      text        not null,
    template     text        not null,
    rendition    text        not null,
    sha256       bytea       not null,
    content      bytea       not null,
    set_at       timestamptz not null,
    constraint edition_pkey primary key (input_sha256),
    constraint edition_rendition_known check (rendition in ('FULL', 'PUBLIC')),
    constraint edition_hash_is_of_content check (sha256 = sha256(content))
);

create table template (
    id           uuid        not null,
    region       text        not null,
    kind         text        not null,
    number       int         not null,
    first_day    date        not null,
    source       text        not null,
    author       text        not null,
    author_kind  text        not null,
    author_role  text        not null,
    published_at timestamptz not null,
    constraint template_pkey primary key (id),
    constraint template_number_key unique (region, kind, number),
    constraint template_kind_known
        check (kind in ('CONTRACT', 'CONSOLIDATED', 'AMENDMENT', 'FORMAL_NOTICE', 'DECISION')),
    constraint template_number_positive check (number > 0),
    constraint template_by_a_person check (author_kind = 'human')
);
create index template_list_idx on template (region, published_at, id);

create trigger edition_append_only before update or delete or truncate on edition
    for each statement execute function refuse_change();
create trigger template_append_only before update or delete or truncate on template
    for each statement execute function refuse_change();

grant select, insert on edition, template to cpom_app;
