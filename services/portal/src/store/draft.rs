//! Forms that were sent after the session had ended, kept for their author.

use sqlx::{Row as _, types::Uuid};
use store::{Db, Error};
use time::OffsetDateTime;

use super::{DRAFT_LIFETIME, PostedForm};

/// A form that waits.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) form: PostedForm,
    /// The page it was on.
    pub(crate) return_to: String,
}

/// Keeps a form for the person who signed in.
pub(crate) async fn keep_draft(
    db: &Db,
    subject: &str,
    draft: &Draft,
    now: OffsetDateTime,
) -> Result<Uuid, Error> {
    let id = kernel::new_id();
    sqlx::query(
        "insert into draft (id, subject, action, return_to, fields, created_at) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(subject)
    .bind(&draft.form.action)
    .bind(&draft.return_to)
    .bind(&draft.form.fields)
    .bind(now)
    .execute(db.pool())
    .await?;
    Ok(id)
}

/// The form, if it is this person's. It stays until it is too old, so that a reload does not lose it.
pub(crate) async fn find_draft(
    db: &Db,
    id: Uuid,
    subject: &str,
    now: OffsetDateTime,
) -> Result<Option<Draft>, Error> {
    let row = sqlx::query(
        "select action, return_to, fields from draft where id = $1 and subject = $2 and created_at > $3",
    )
    .bind(id)
    .bind(subject)
    .bind(now - DRAFT_LIFETIME)
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(|row| Draft {
        form: PostedForm {
            action: row.get("action"),
            fields: row.get("fields"),
        },
        return_to: row.get("return_to"),
    }))
}
