//! Table `kept_file`: files that were received for a review, a procedure, the steps or the annexes of a contract or the
//! annexes of an amendment.

use sqlx::{PgConnection, Row as _, postgres::PgRow};
use store::Error;
use time::OffsetDateTime;

use super::contract_rows::hash;
use crate::domain::statement::Attachment;

/// How many files were received for a resource.
pub async fn count(connection: &mut PgConnection, parent: &str) -> Result<i64, Error> {
    let row = sqlx::query("select count(*) as kept from kept_file where parent = $1")
        .bind(parent)
        .fetch_one(connection)
        .await?;
    Ok(row.get("kept"))
}

/// Whether a file was received for a resource as it is told: with this hash, type and size.
pub async fn is_kept(
    connection: &mut PgConnection,
    parent: &str,
    told: &Attachment,
) -> Result<bool, Error> {
    let row = sqlx::query(
        "select exists (
             select
             from kept_file
             where parent = $1 and sha256 = $2 and media_type = $3 and size_bytes = $4
         ) as kept",
    )
    .bind(parent)
    .bind(told.sha256.0.as_slice())
    .bind(&told.media_type)
    .bind(told.size_bytes)
    .fetch_one(connection)
    .await?;
    Ok(row.get("kept"))
}

/// Records a file that was received. The same file again changes nothing.
pub async fn insert(
    connection: &mut PgConnection,
    parent: &str,
    kept: &Attachment,
    at: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query(
        "insert into kept_file (parent, sha256, media_type, size_bytes, kept_at, file_name)
         values ($1, $2, $3, $4, $5, $6)
         on conflict on constraint kept_file_pkey do nothing",
    )
    .bind(parent)
    .bind(kept.sha256.0.as_slice())
    .bind(&kept.media_type)
    .bind(kept.size_bytes)
    .bind(at)
    .bind(&kept.file_name)
    .execute(connection)
    .await?;
    Ok(())
}

/// The files that were received for these resources under the name that was told first, the earliest first.
pub async fn of(
    connection: &mut PgConnection,
    parents: &[String],
) -> Result<Vec<Attachment>, Error> {
    let rows = sqlx::query(
        "select sha256, media_type, size_bytes, file_name
         from kept_file
         where parent = any($1) and file_name is not null
         order by kept_at, sha256, media_type",
    )
    .bind(parents)
    .fetch_all(connection)
    .await?;
    let kept = |row: &PgRow| {
        Ok(Attachment {
            file_name: row.get("file_name"),
            media_type: row.get("media_type"),
            size_bytes: row.get("size_bytes"),
            sha256: hash(row.get("sha256"))?,
        })
    };
    rows.iter().map(kept).collect()
}
