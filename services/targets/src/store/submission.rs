//! How far each submission got, and which connection may go on with it.

use kernel::Finess;
use sqlx::{PgConnection, PgPool, QueryBuilder, Row as _, postgres::PgRow};
use store::{Error, restrict};
use time::OffsetDateTime;
use uuid::Uuid;

use super::stored;
use crate::domain::{Submission, SubmissionId};

/// A submission with the instants that only readers need.
pub(crate) struct Dated {
    pub(crate) submission: Submission,
    pub(crate) created_at: OffsetDateTime,
    pub(crate) updated_at: OffsetDateTime,
}

/// Writes a new submission whose pen is `writer`. False when it exists already.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    submission: &Submission,
    writer: Uuid,
    now: OffsetDateTime,
) -> Result<bool, Error> {
    let inserted = sqlx::query(
        "insert into submission (
             id,
             region,
             source,
             submitter,
             establishments,
             writer,
             last_sequence,
             accepted,
             rejected,
             rejected_kept,
             created_at,
             updated_at
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
         on conflict do nothing",
    )
    .bind(submission.id.0)
    .bind(submission.region.code())
    .bind(&submission.source)
    .bind(&submission.submitter)
    .bind(numbers(&submission.establishments))
    .bind(writer)
    .bind(submission.last_sequence)
    .bind(submission.accepted)
    .bind(submission.rejected)
    .bind(submission.rejected_kept)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Finds a submission and waits for the batch that is being written to it, if one is.
pub(crate) async fn lock(
    connection: &mut PgConnection,
    id: SubmissionId,
) -> Result<Option<Submission>, Error> {
    let row = sqlx::query(
        "select
             id,
             region,
             source,
             submitter,
             establishments,
             last_sequence,
             accepted,
             rejected,
             rejected_kept
         from submission
         where id = $1
         for update",
    )
    .bind(id.0)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(read).transpose()
}

/// Gives the pen to another connection; the one before cannot write any more.
pub(crate) async fn take_pen(
    connection: &mut PgConnection,
    id: SubmissionId,
    writer: Uuid,
) -> Result<(), Error> {
    sqlx::query("update submission set writer = $2 where id = $1")
        .bind(id.0)
        .bind(writer)
        .execute(connection)
        .await?;
    Ok(())
}

/// Batches that follow the last durable one.
pub(crate) struct Advance {
    pub(crate) first_sequence: i64,
    pub(crate) last_sequence: i64,
    pub(crate) accepted: i64,
    pub(crate) rejected: i64,
    pub(crate) rejected_kept: i64,
}

/// Moves a submission on. False when this connection does not hold the pen any more.
pub(crate) async fn advance(
    connection: &mut PgConnection,
    id: SubmissionId,
    writer: Uuid,
    by: &Advance,
    now: OffsetDateTime,
) -> Result<bool, Error> {
    let updated = sqlx::query(
        "update submission
         set
             last_sequence = $4,
             accepted = accepted + $5,
             rejected = rejected + $6,
             rejected_kept = rejected_kept + $7,
             updated_at = $8
         where id = $1 and writer = $2 and last_sequence = $3 - 1",
    )
    .bind(id.0)
    .bind(writer)
    .bind(by.first_sequence)
    .bind(by.last_sequence)
    .bind(by.accepted)
    .bind(by.rejected)
    .bind(by.rejected_kept)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Submissions with their instants.
macro_rules! dated {
    ($which:literal) => {
        concat!(
            "select
                 id,
                 region,
                 source,
                 submitter,
                 establishments,
                 last_sequence,
                 accepted,
                 rejected,
                 rejected_kept,
                 created_at,
                 updated_at
             from submission
             where ",
            $which
        )
    };
}

pub(crate) async fn find(pool: &PgPool, id: SubmissionId) -> Result<Option<Dated>, Error> {
    let row = sqlx::query(dated!("id = $1"))
        .bind(id.0)
        .fetch_optional(pool)
        .await?;
    row.as_ref().map(read_dated).transpose()
}

/// Which submissions to list. What is none does not restrict.
pub(crate) struct Filter<'a> {
    pub(crate) regions: Option<Vec<String>>,
    /// An establishment: the subject of its token, and what it acts for.
    pub(crate) own: Option<(&'a str, &'a [Finess])>,
    /// The place of the last one of the page before.
    pub(crate) after: Option<(OffsetDateTime, Uuid)>,
}

/// The submissions that a caller sees, the latest first.
pub(crate) async fn list(
    pool: &PgPool,
    filter: &Filter<'_>,
    limit: i64,
) -> Result<Vec<Dated>, Error> {
    let mut query = QueryBuilder::new(dated!("true"));
    restrict(&mut query, "region = any($1)", filter.regions.as_ref());
    if let Some((subject, establishments)) = filter.own {
        query.push(" and (submitter = ").push_bind(subject);
        query.push(" or (establishments <> '{}' and establishments <@ ");
        query.push_bind(numbers(establishments)).push("))");
    }
    if let Some((at, id)) = filter.after {
        query.push(" and (created_at, id) < (").push_bind(at);
        query.push(", ").push_bind(id).push(")");
    }
    query.push(" order by created_at desc, id desc limit ");
    query.push_bind(limit);
    let rows = query.build().fetch_all(pool).await?;
    rows.iter().map(read_dated).collect()
}

fn numbers(establishments: &[Finess]) -> Vec<String> {
    establishments.iter().map(ToString::to_string).collect()
}

fn read_dated(row: &PgRow) -> Result<Dated, Error> {
    Ok(Dated {
        submission: read(row)?,
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
    })
}

fn read(row: &PgRow) -> Result<Submission, Error> {
    Ok(Submission {
        id: SubmissionId(row.get("id")),
        region: stored(row.get("region"))?,
        source: row.get("source"),
        submitter: row.get("submitter"),
        establishments: row
            .get::<Vec<String>, _>("establishments")
            .iter()
            .map(|number| stored(number))
            .collect::<Result<_, _>>()?,
        last_sequence: row.get("last_sequence"),
        accepted: row.get("accepted"),
        rejected: row.get("rejected"),
        rejected_kept: row.get("rejected_kept"),
    })
}
