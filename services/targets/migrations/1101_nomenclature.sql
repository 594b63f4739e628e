-- Lists of codes in dated versions. A version is written once.
create table nomenclature_version (
    kind        text         not null,
    version     text         not null,
    valid_from  date         not null,
    source      text         not null,
    file_name   text         not null,
    sha256      text         not null,
    entries     bigint       not null,
    -- Region of the agency that imported it.
    region      text         not null,
    created_at  timestamptz  not null,
    constraint nomenclature_version_pkey primary key (kind, version)
);

create table nomenclature_entry (
    kind        text  collate "C"  not null,
    version     text  collate "C"  not null,
    level       text  collate "C"  not null,
    code        text  collate "C"  not null,
    label       text               not null,
    -- Code of the entry above; empty at the top.
    parent      text  collate "C"  not null,
    valid_from  date,
    valid_to    date,
    constraint nomenclature_entry_pkey primary key (kind, version, level, code),
    constraint nomenclature_entry_version_fkey
        foreign key (kind, version) references nomenclature_version (kind, version)
);

-- What case-mix is counted in when it is not counted by group of stays.
insert into nomenclature_version (kind, version, valid_from, source, file_name, sha256, entries, region, created_at)
values ('major-activities', 'base', '2010-01-01', 'Grandes activités (guide DGOS, décembre 2011)', '', '', 10, '00', '2026-01-01T00:00:00Z');

insert into nomenclature_entry (kind, version, level, code, label, parent) values
    ('major-activities', 'base', 'FIELD',    'MCO',            'Médecine, chirurgie, obstétrique',       ''),
    ('major-activities', 'base', 'FIELD',    'SMR',            'Soins médicaux et de réadaptation',      ''),
    ('major-activities', 'base', 'FIELD',    'HAD',            'Hospitalisation à domicile',             ''),
    ('major-activities', 'base', 'FIELD',    'PSY',            'Psychiatrie',                            ''),
    ('major-activities', 'base', 'FIELD',    'USLD',           'Soins de longue durée',                  ''),
    ('major-activities', 'base', 'ACTIVITY', 'MEDECINE',       'Médecine',                               'MCO'),
    ('major-activities', 'base', 'ACTIVITY', 'CHIRURGIE',      'Chirurgie',                              'MCO'),
    ('major-activities', 'base', 'ACTIVITY', 'OBSTETRIQUE',    'Obstétrique',                            'MCO'),
    ('major-activities', 'base', 'ACTIVITY', 'INTERVENTIONNEL', 'Techniques interventionnelles (type K)', 'MCO'),
    ('major-activities', 'base', 'ACTIVITY', 'SEANCES',        'Séances (CMD 28)',                       'MCO');

grant select, insert on nomenclature_version, nomenclature_entry to cpom_app;
grant select on nomenclature_version, nomenclature_entry to cpom_machine;
