-- Councils for whose département somebody acted on the day they confirmed how they are reminded.
alter table notice_preference add column departments text[] not null default '{}';
