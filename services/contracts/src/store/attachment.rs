//! Files that accompany what somebody says, as they are stored.

use serde::{Deserialize, Serialize};
use sqlx::{Row as _, postgres::PgRow, types::Json};
use store::Error;

use super::parsed;
use crate::domain::statement::Attachment;

#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    file_name: String,
    media_type: String,
    size_bytes: i64,
    sha256: String,
}

/// What a column of attachments takes.
pub(super) fn column(attachments: &[Attachment]) -> Json<impl Serialize + use<>> {
    let stored = attachments.iter().map(|attachment| Stored {
        file_name: attachment.file_name.clone(),
        media_type: attachment.media_type.clone(),
        size_bytes: attachment.size_bytes,
        sha256: attachment.sha256.to_string(),
    });
    Json(stored.collect::<Vec<_>>())
}

/// The attachments of a row.
pub(super) fn of(row: &PgRow) -> Result<Vec<Attachment>, Error> {
    of_column(row, "attachments")
}

/// The attachments of a column of a row.
pub(super) fn of_column(row: &PgRow, column: &str) -> Result<Vec<Attachment>, Error> {
    let Json(stored) = row.get::<Json<Vec<Stored>>, _>(column);
    let attachment = |stored: Stored| {
        Ok(Attachment {
            sha256: parsed("hash of an attachment", &stored.sha256)?,
            file_name: stored.file_name,
            media_type: stored.media_type,
            size_bytes: stored.size_bytes,
        })
    };
    stored.into_iter().map(attachment).collect()
}
