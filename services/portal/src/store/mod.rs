//! All SQL of the portal: who is signed in, who is signing in, the forms that wait for their author, and the
//! searches people keep.

mod draft;
mod saved_list;
mod session;
mod sign_in;

use sha2::{Digest as _, Sha256};
use time::{Duration, OffsetDateTime};

pub(crate) use self::{
    draft::{Draft, find_draft, keep_draft},
    saved_list::{SavedList, drop_list, has_list, keep_list, saved_lists},
    session::{Person, Session, end_session, find_session, start_session},
    sign_in::{PostedForm, SignIn, begin_sign_in, take_sign_in},
};

/// A sign-in takes minutes; what is older was given up.
const SIGN_IN_LIFETIME: Duration = Duration::minutes(30);
/// A form waits for its author this long.
const DRAFT_LIFETIME: Duration = Duration::hours(12);

/// What is stored of a secret that a browser holds.
fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}

/// Forgets what ended.
pub(crate) async fn forget_what_ended(
    db: &store::Db,
    now: OffsetDateTime,
) -> Result<(), store::Error> {
    sqlx::query("delete from session where ends_at < $1")
        .bind(now)
        .execute(db.pool())
        .await?;
    sqlx::query("delete from sign_in where started_at < $1")
        .bind(now - SIGN_IN_LIFETIME)
        .execute(db.pool())
        .await?;
    sqlx::query("delete from draft where created_at < $1")
        .bind(now - DRAFT_LIFETIME)
        .execute(db.pool())
        .await?;
    Ok(())
}
