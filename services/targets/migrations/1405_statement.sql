-- Figures that people supply, with their source: waiting lists, allowances, funding. Nothing is ever changed: a later
-- statement of the same subject and key corrects the earlier one.
create table statement (
    recording    uuid                     not null,
    region       text                     not null,
    kind         text                     not null,
    -- A FINESS number or the name of a contract.
    subject      text     collate "C"     not null,
    -- Which figure of the subject: a day, a year, a kind of funding.
    key          text     collate "C"     not null,
    record       jsonb                    not null,
    recorded_at  timestamptz              not null,
    constraint statement_pkey primary key (kind, subject, key, recording),
    constraint statement_kind_check check (kind in ('waiting_list', 'allowance', 'funding'))
);

create index statement_region_idx on statement (region, kind);

create trigger statement_append_only before update or delete on statement
    for each row execute function refuse_change();
create trigger statement_no_truncate before truncate on statement
    for each statement execute function refuse_change();

grant select, insert on statement to cpom_app;

-- Whom a FINESS category is for, where it is for one public only. Services for older and disabled people (354, 209, 460)
-- and experimental establishments are not in it: whoever records their places says for whom they are.
create table category_public (
    category  text  not null,
    public    text  not null,
    source    text  not null,
    constraint category_public_pkey primary key (category),
    constraint category_public_public_check check (
        public in ('older_people', 'disabled_children', 'disabled_adults', 'specific_difficulties')
    )
);

insert into category_public (category, public, source)
select unnest(categories), public, 'Nomenclature FINESS des catégories d’établissement (CASF L312-1 I)'
from
    (values
        ('older_people', array['500', '501', '502', '202', '207', '381']),
        ('disabled_children',
         array['183', '186', '182', '188', '192', '194', '195', '196', '189', '190', '238', '390', '396', '402', '377']),
        ('disabled_adults',
         array['246', '249', '255', '437', '448', '449', '252', '253', '382', '395', '379', '445', '446', '464']),
        ('specific_difficulties', array['165', '178', '180', '213', '197', '608'])
    ) as publics (public, categories);

grant select on category_public to cpom_app;
