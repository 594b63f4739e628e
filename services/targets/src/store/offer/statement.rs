//! Table `statement`: figures that people supply. Append-only; of several statements of a figure the latest counts.

use kernel::Region;
use sqlx::{PgConnection, PgExecutor, Row as _, types::Json};
use store::Error;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::offer::Statement;

/// Writes what was stated together.
pub(crate) async fn insert<S: Statement + Sync>(
    connection: &mut PgConnection,
    recording: Uuid,
    region: Region,
    statements: &[S],
    now: OffsetDateTime,
) -> Result<(), Error> {
    for statement in statements {
        sqlx::query(
            "insert into statement (recording, region, kind, subject, key, record, recorded_at)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(recording)
        .bind(region.code())
        .bind(S::KIND)
        .bind(statement.subject())
        .bind(statement.key())
        .bind(Json(statement))
        .bind(now)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// What is currently stated in a region, or of some subjects, by subject and key.
pub(crate) async fn current<S: Statement + Send + Unpin>(
    executor: impl PgExecutor<'_>,
    region: Region,
    subjects: Option<&[String]>,
) -> Result<Vec<S>, Error> {
    let rows = sqlx::query(
        "select distinct on (subject, key)
             record
         from statement
         where region = $1 and kind = $2 and ($3::text[] is null or subject = any($3))
         order by subject, key, recorded_at desc, recording desc",
    )
    .bind(region.code())
    .bind(S::KIND)
    .bind(subjects)
    .fetch_all(executor)
    .await?;
    rows.iter()
        .map(|row| {
            let Json(statement): Json<S> = row.try_get("record")?;
            Ok(statement)
        })
        .collect()
}
