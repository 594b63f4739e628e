-- Credits of a year and origin. What is credited and engaged stands in `record`; the columns that repeat it bear the rule.
create table credit_envelope (
    id          uuid         not null,
    version     bigint       not null,
    region      text         not null,
    state       text         not null,
    record      jsonb        not null,
    created_at  timestamptz  not null,
    updated_at  timestamptz  not null,
    credited    numeric      not null generated always as ((record ->> 'credited')::numeric) stored,
    engaged     numeric      not null generated always as ((record ->> 'engaged')::numeric) stored,
    constraint credit_envelope_pkey primary key (id),
    constraint credit_envelope_state_check check (state = 'open'),
    -- More is never engaged than there is.
    constraint credit_envelope_available_check check (engaged between 0 and credited)
);

create unique index credit_envelope_origin_key
    on credit_envelope (region, (record ->> 'year'), (record ->> 'origin'));

-- Credits set aside, and what came back of them.
create table credit_engagement (
    id           uuid         not null,
    version      bigint       not null,
    region       text         not null,
    state        text         not null,
    record       jsonb        not null,
    created_at   timestamptz  not null,
    updated_at   timestamptz  not null,
    envelope     uuid         not null
        generated always as (split_part(record ->> 'envelope', '/', 2)::uuid) stored,
    amount       numeric      not null generated always as ((record ->> 'amount')::numeric) stored,
    outstanding  numeric      not null generated always as ((record ->> 'outstanding')::numeric) stored,
    constraint credit_engagement_pkey primary key (id),
    constraint credit_engagement_envelope_fkey foreign key (envelope) references credit_envelope (id),
    constraint credit_engagement_amount_check check (amount > 0 and outstanding between 0 and amount),
    constraint credit_engagement_state_check
        check (state = case when outstanding = 0 then 'released' else 'engaged' end)
);

create index credit_engagement_envelope_idx on credit_engagement (envelope);

-- Whatever writes an engagement moves what its envelope has engaged by as much. The row of the envelope is locked and read
-- as it is then: two engagements at once follow each other, and the check refuses the one too many.
create function move_engaged_credits() returns trigger
    language plpgsql
    as $$
declare
    difference numeric := new.outstanding - case when tg_op = 'UPDATE' then old.outstanding else 0 end;
begin
    update credit_envelope
    set record = jsonb_set(record, '{engaged}', to_jsonb(((record ->> 'engaged')::numeric + difference)::text))
    where id = new.envelope;
    return null;
end
$$;

create trigger credit_engagement_moves after insert or update on credit_engagement
    for each row execute function move_engaged_credits();

grant select, insert, update on credit_envelope, credit_engagement to cpom_app;
