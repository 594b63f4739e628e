-- The départements whose council somebody acts for: they say what waits for the signature of its president.
alter table session add column departments text[] not null default '{}';
