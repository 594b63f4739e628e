-- The amendments that this service was told of, and their contracts: what may be named as having followed from something here.
create table amendment_copy (
    id       uuid not null,
    contract uuid not null,
    constraint amendment_copy_pkey primary key (id)
);
grant select on amendment_copy to cpom_app;
grant select, insert on amendment_copy to cpom_machine;
