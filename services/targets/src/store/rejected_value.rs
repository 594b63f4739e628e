//! Values that were left out: the first of each batch, written once, with the batch.

use sqlx::{PgConnection, PgPool, Row as _, postgres::PgRow};
use store::Error;

use crate::domain::{Rejection, SubmissionId};

/// Keeps what batches of a submission left out, in one statement.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    submission: SubmissionId,
    rejections: &[&Rejection],
) -> Result<(), Error> {
    let texts = |read: fn(&Rejection) -> &str| -> Vec<&str> {
        rejections.iter().map(|rejection| read(rejection)).collect()
    };
    let sequences: Vec<i64> = rejections.iter().map(|one| one.sequence).collect();
    let positions: Vec<i32> = rejections.iter().map(|one| one.position).collect();
    let values: Vec<Option<&str>> = rejections.iter().map(|one| one.value.as_deref()).collect();
    let absences: Vec<Option<i32>> = rejections.iter().map(|one| one.absence).collect();
    sqlx::query(
        "insert into rejected_value (
             submission,
             sequence,
             position,
             subject,
             indicator,
             period,
             value,
             absence,
             field,
             reason
         )
         select
             $1,
             r.sequence,
             r.place,
             r.subject,
             r.indicator,
             r.period,
             r.content,
             r.absence,
             r.field,
             r.reason
         from unnest(
             $2::bigint[],
             $3::int[],
             $4::text[],
             $5::text[],
             $6::text[],
             $7::text[],
             $8::int[],
             $9::text[],
             $10::text[]
         ) as r (sequence, place, subject, indicator, period, content, absence, field, reason)",
    )
    .bind(submission.0)
    .bind(sequences)
    .bind(positions)
    .bind(texts(|one| one.subject.as_str()))
    .bind(texts(|one| one.indicator.as_str()))
    .bind(texts(|one| one.period.as_str()))
    .bind(values)
    .bind(absences)
    .bind(texts(|one| one.field.as_str()))
    .bind(texts(|one| one.reason.as_str()))
    .execute(connection)
    .await?;
    Ok(())
}

/// What a submission left out, in the order in which it was sent, after a place of it.
pub(crate) async fn list(
    pool: &PgPool,
    submission: SubmissionId,
    after: Option<(i64, i32)>,
    limit: i64,
) -> Result<Vec<Rejection>, Error> {
    // No batch is numbered 0.
    let (sequence, position) = after.unwrap_or_default();
    let rows = sqlx::query(
        "select
             sequence,
             position,
             subject,
             indicator,
             period,
             value,
             absence,
             field,
             reason
         from rejected_value
         where submission = $1 and (sequence, position) > ($2, $3)
         order by sequence, position
         limit $4",
    )
    .bind(submission.0)
    .bind(sequence)
    .bind(position)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(rows.iter().map(read).collect())
}

fn read(row: &PgRow) -> Rejection {
    Rejection {
        sequence: row.get("sequence"),
        position: row.get("position"),
        subject: row.get("subject"),
        indicator: row.get("indicator"),
        period: row.get("period"),
        value: row.get("value"),
        absence: row.get("absence"),
        field: row.get("field"),
        reason: row.get("reason"),
    }
}
