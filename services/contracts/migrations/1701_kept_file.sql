-- Files that were received for an act on a review or procedure. Their bytes are in the object store under the hash.
create table kept_file (
    -- The review or procedure they accompany.
    parent      text         not null,
    sha256      bytea        not null,
    media_type  text         not null,
    size_bytes  bigint       not null,
    kept_at     timestamptz  not null,
    constraint kept_file_pkey primary key (parent, sha256, media_type),
    constraint kept_file_sha256_check check (octet_length(sha256) = 32),
    constraint kept_file_size_check check (size_bytes between 1 and 26214400)
);
create trigger kept_file_append_only before update or delete or truncate on kept_file
    for each statement execute function refuse_change();
grant select, insert on kept_file to cpom_app;
