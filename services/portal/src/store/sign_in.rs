//! Sign-ins on their way to the identity provider and back. Each serves once.

use sqlx::Row as _;
use store::{Db, Error};
use time::OffsetDateTime;

use super::{SIGN_IN_LIFETIME, digest};

/// A form that arrived without a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PostedForm {
    /// The path it was sent to.
    pub(crate) action: String,
    /// Its fields, URL-encoded as they came.
    pub(crate) fields: String,
}

/// What the way back must agree with.
#[derive(Debug, Clone)]
pub(crate) struct SignIn {
    pub(crate) nonce: String,
    /// PKCE, where the provider takes it.
    pub(crate) code_verifier: Option<String>,
    pub(crate) return_to: String,
    pub(crate) draft: Option<PostedForm>,
}

/// Records a sign-in under its `state`.
pub(crate) async fn begin_sign_in(
    db: &Db,
    state: &str,
    sign_in: &SignIn,
    now: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query(
        "insert into sign_in (state_hash, nonce, code_verifier, return_to, draft_action, draft_fields, started_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(digest(state))
    .bind(&sign_in.nonce)
    .bind(&sign_in.code_verifier)
    .bind(&sign_in.return_to)
    .bind(sign_in.draft.as_ref().map(|draft| &draft.action))
    .bind(sign_in.draft.as_ref().map(|draft| &draft.fields))
    .bind(now)
    .execute(db.pool())
    .await?;
    Ok(())
}

/// Takes a sign-in back. The second time there is none: a `state` serves once.
pub(crate) async fn take_sign_in(
    db: &Db,
    state: &str,
    now: OffsetDateTime,
) -> Result<Option<SignIn>, Error> {
    let row = sqlx::query(
        "delete from sign_in where state_hash = $1 and started_at > $2
         returning nonce, code_verifier, return_to, draft_action, draft_fields",
    )
    .bind(digest(state))
    .bind(now - SIGN_IN_LIFETIME)
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(|row| {
        let action: Option<String> = row.get("draft_action");
        let fields: Option<String> = row.get("draft_fields");
        SignIn {
            nonce: row.get("nonce"),
            code_verifier: row.get("code_verifier"),
            return_to: row.get("return_to"),
            draft: action
                .zip(fields)
                .map(|(action, fields)| PostedForm { action, fields }),
        }
    }))
}
