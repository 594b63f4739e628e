-- Financial figures of establishments. Imports and figures are only ever added; what is current for a layout, establishment
-- and year is what was applied last.

-- Dry runs: a file is applied once its bytes were looked at.
create table finance_check (
    sha256      text         not null,
    region      text         not null,
    layout      text         not null,
    checked_at  timestamptz  not null,
    constraint finance_check_pkey primary key (sha256, region, layout)
);

create table finance_import (
    id               uuid         not null,
    region           text         not null,
    layout           text         not null,
    source           text         not null,
    extraction_date  date         not null,
    file_name        text         not null,
    sha256           text         not null,
    applied_at       timestamptz  not null,
    constraint finance_import_pkey primary key (id),
    constraint finance_import_layout_check check (layout in ('ca', 'errd', 'errd_legal_entity', 'hospital', 'hapi'))
);

create index finance_import_layout_idx on finance_import (region, layout, applied_at);

create table finance_figure (
    import   uuid               not null,
    -- FINESS number of a site or a legal entity.
    subject  text  collate "C"  not null,
    year     smallint           not null,
    code     text  collate "C"  not null,
    -- Envelope and mode of a credit.
    detail   text  collate "C"  not null,
    value    numeric            not null,
    constraint finance_figure_pkey primary key (import, subject, year, code, detail),
    constraint finance_figure_import_fkey foreign key (import) references finance_import (id)
);

create index finance_figure_subject_idx on finance_figure (subject, year);

do $$
declare
    name text;
begin
    foreach name in array array['finance_import', 'finance_figure'] loop
        execute format(
            'create trigger %I before update or delete on %I for each row execute function refuse_change()',
            name || '_append_only', name);
        execute format(
            'create trigger %I before truncate on %I for each statement execute function refuse_change()',
            name || '_no_truncate', name);
    end loop;
end $$;

grant select, insert, update on finance_check to cpom_app;
grant select, insert on finance_import, finance_figure to cpom_app;
