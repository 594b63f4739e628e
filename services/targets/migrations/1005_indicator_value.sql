-- Every value that was received, as received. Nothing is ever changed: a value for the same subject,
-- indicator and period supersedes the earlier ones by being later. Fixed-width columns first, without padding.
create table indicator_value (
    received_at  timestamptz         not null,
    submission   uuid                not null,
    sequence     bigint              not null,
    year         smallint            not null,
    -- 1 to 12; 0 for the whole year.
    month        smallint            not null,
    -- 0 value, 1 missing, 2 masked.
    kind         smallint            not null,
    -- Place in the batch.
    position     smallint            not null,
    subject      text collate "C"    not null,
    indicator    text collate "C"    not null,
    value        numeric,
    constraint indicator_value_content_check
        check (case kind when 0 then value is not null and value >= 0 when 1 then value is null when 2 then value is null else false end),
    constraint indicator_value_month_check check (month between 0 and 12)
) partition by range (year);

-- Serves "the current value of a subject, indicator and period": the latest received comes first.
create index indicator_value_current_idx
    on indicator_value (subject, indicator, year, month, received_at desc);

-- Row triggers are inherited by every partition; a partition can be truncated by itself, so each has its own.
create trigger indicator_value_append_only before update or delete on indicator_value
    for each row execute function refuse_change();
create trigger indicator_value_no_truncate before truncate on indicator_value
    for each statement execute function refuse_change();

do $$
declare
    partition text;
begin
    for y in 2010..2035 loop
        partition := format('indicator_value_%s', y);
        execute format(
            'create table %I partition of indicator_value for values from (%s) to (%s)', partition, y, y + 1);
        execute format(
            'create trigger %I before truncate on %I for each statement execute function refuse_change()',
            partition || '_no_truncate', partition);
    end loop;
    create table indicator_value_other partition of indicator_value default;
    create trigger indicator_value_other_no_truncate before truncate on indicator_value_other
        for each statement execute function refuse_change();
end $$;

-- Values are inserted through the parent; nobody is granted a partition.
grant select, insert on indicator_value to cpom_app;
