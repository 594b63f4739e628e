-- What waits for somebody is looked for among all amendments, and what is due among all deadlines by its kind.
create index amendment_open_idx on amendment (created_at, id)
    where state in ('PROPOSED', 'NEGOTIATION', 'CONSULTATION', 'READY_TO_SIGN', 'PARTIALLY_SIGNED');
create index deadline_kind_idx on deadline (kind, due, subject, rank);

-- The name that was told with a file: an annex names it by its hash alone. Not known of those received before.
alter table kept_file add column file_name text;
