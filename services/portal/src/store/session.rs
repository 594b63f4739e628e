//! Sessions. The browser holds a random identifier, the database its digest.

use sqlx::{Row as _, postgres::PgRow};
use store::{Db, Error};
use time::{Duration, OffsetDateTime};

use super::digest;

/// Who is signed in, as the identity provider said. For display and for choosing what to show: what a person may
/// do is decided by the services, from the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) subject: String,
    pub(crate) name: String,
    pub(crate) roles: Vec<String>,
    /// INSEE codes, or `*`.
    pub(crate) regions: Vec<String>,
    pub(crate) finess: Vec<String>,
    /// Codes of the départements whose council the person acts for.
    pub(crate) departments: Vec<String>,
}

/// A session that has not ended.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) person: Person,
    pub(crate) access_token: String,
    pub(crate) id_token: String,
    pub(crate) form_token: String,
    pub(crate) ends_at: OffsetDateTime,
}

/// The idle clock is written at most this often.
const SEEN_GRAIN: Duration = Duration::seconds(30);

/// Records a session under the secret that the browser will hold.
pub(crate) async fn start_session(
    db: &Db,
    secret: &str,
    session: &Session,
    now: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query(
        "insert into session
             (id_hash, subject, display_name, roles, regions, finess, access_token, id_token, form_token,
              started_at, seen_at, ends_at, departments)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12)",
    )
    .bind(digest(secret))
    .bind(&session.person.subject)
    .bind(&session.person.name)
    .bind(&session.person.roles)
    .bind(&session.person.regions)
    .bind(&session.person.finess)
    .bind(&session.access_token)
    .bind(&session.id_token)
    .bind(&session.form_token)
    .bind(now)
    .bind(session.ends_at)
    .bind(&session.person.departments)
    .execute(db.pool())
    .await?;
    Ok(())
}

/// The session of a browser, unless it ended or nobody used it for `idle`.
pub(crate) async fn find_session(
    db: &Db,
    secret: &str,
    idle: Duration,
    now: OffsetDateTime,
) -> Result<Option<Session>, Error> {
    let row = sqlx::query(
        "select subject, display_name, roles, regions, finess, departments, access_token, id_token, form_token, seen_at,
             ends_at
         from session
         where id_hash = $1 and ends_at > $2 and seen_at > $3",
    )
    .bind(digest(secret))
    .bind(now)
    .bind(now - idle)
    .fetch_optional(db.pool())
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    if row.get::<OffsetDateTime, _>("seen_at") < now - SEEN_GRAIN {
        sqlx::query("update session set seen_at = $2 where id_hash = $1")
            .bind(digest(secret))
            .bind(now)
            .execute(db.pool())
            .await?;
    }
    Ok(Some(session(&row)))
}

/// Ends the session of a browser.
pub(crate) async fn end_session(db: &Db, secret: &str) -> Result<(), Error> {
    sqlx::query("delete from session where id_hash = $1")
        .bind(digest(secret))
        .execute(db.pool())
        .await?;
    Ok(())
}

fn session(row: &PgRow) -> Session {
    Session {
        person: Person {
            subject: row.get("subject"),
            name: row.get("display_name"),
            roles: row.get("roles"),
            regions: row.get("regions"),
            finess: row.get("finess"),
            departments: row.get("departments"),
        },
        access_token: row.get("access_token"),
        id_token: row.get("id_token"),
        form_token: row.get("form_token"),
        ends_at: row.get("ends_at"),
    }
}
