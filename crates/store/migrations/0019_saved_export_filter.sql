-- What else an export was asked for: part of a type, an actor (a person by the commitment), an outcome; null does not restrict.
alter table saved_export
    add column of_type    text,
    add column of_actor   text,
    add column of_outcome text;
