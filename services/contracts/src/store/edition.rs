//! Documents that were set, under the hash of what they were made of.

use sqlx::{PgConnection, Row as _};
use store::Error;
use time::OffsetDateTime;

use super::contract_rows::hash;
use crate::domain::{document::Rendition, signature::DocumentHash};

/// A document that is about to be kept.
#[derive(Debug, Clone)]
pub struct Edition<'a> {
    /// Name of the resource it shows.
    pub subject: &'a str,
    pub template: &'a str,
    pub rendition: Rendition,
    pub set_at: OffsetDateTime,
}

/// The bytes of a document, and their hash.
#[derive(Debug, Clone)]
pub struct Kept {
    pub content: Vec<u8>,
    pub sha256: DocumentHash,
}

/// What was made of these inputs.
pub async fn find(
    connection: &mut PgConnection,
    inputs: DocumentHash,
) -> Result<Option<Kept>, Error> {
    let row = sqlx::query("select content, sha256 from edition where input_sha256 = $1")
        .bind(inputs.0)
        .fetch_optional(connection)
        .await?;
    row.map(|row| {
        Ok(Kept {
            content: row.get("content"),
            sha256: hash(row.get("sha256"))?,
        })
    })
    .transpose()
}

/// Keeps a document. Whether it was the first that was made of these inputs.
pub async fn keep(
    connection: &mut PgConnection,
    inputs: DocumentHash,
    edition: &Edition<'_>,
    kept: &Kept,
) -> Result<bool, Error> {
    let done = sqlx::query(
        "insert into edition (input_sha256, subject, template, rendition, sha256, content, set_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (input_sha256) do nothing",
    )
    .bind(inputs.0)
    .bind(edition.subject)
    .bind(edition.template)
    .bind(edition.rendition.as_str())
    .bind(kept.sha256.0)
    .bind(&kept.content)
    .bind(edition.set_at)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
