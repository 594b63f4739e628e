//! Up to where nothing can be added to the history any more.
//!
//! Numbers are taken before they are committed: an earlier event may appear after a later one. Who hands out a place to go
//! on from must not pass one that may still appear.

use std::time::Duration;

use sqlx::PgConnection;

use crate::Error;

/// How long units that were writing are waited for before they are left to the next time.
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(5);

/// An expression: the last event that is sealed, 0 before the first one. Sealing waits for who may still write before it, so
/// whoever sees it sees everything up to there.
pub(crate) const SEALED: &str = "coalesce(
    (select event_seq from merkle_node where level = 0 order by index desc limit 1), 0)";

/// The place in the history up to which nothing can be added any more; none when there is nothing after `last`, or when
/// somebody who may still add something does not come to an end. Who reads afterwards sees everything up to there.
///
/// Whoever took a number below the bound had opened `event` for writing by then, and keeps that lock until the end of its
/// transaction.
pub(crate) async fn complete_up_to(
    connection: &mut PgConnection,
    last: i64,
) -> Result<Option<i64>, Error> {
    let bound: Option<i64> = sqlx::query_scalar("select max(seq) from event where seq > $1")
        .bind(last)
        .fetch_one(&mut *connection)
        .await?;
    if bound.is_none() {
        return Ok(None);
    }
    let is_complete = writers_have_ended(connection, "event").await?;
    Ok(bound.filter(|_| is_complete))
}

/// Waits for the units that are writing into a table now, those that come later not included; false when one of them does
/// not come to an end.
pub(crate) async fn writers_have_ended(
    connection: &mut PgConnection,
    table: &str,
) -> Result<bool, Error> {
    let mut writers: Vec<String> = sqlx::query_scalar(
        "select virtualtransaction
         from pg_locks
         where locktype = 'relation' and relation = $1::text::regclass and mode = 'RowExclusiveLock'
             and database = (select oid from pg_database where datname = current_database())
             and pid <> pg_backend_pid()",
    )
    .bind(table)
    .fetch_all(&mut *connection)
    .await?;
    let begun = tokio::time::Instant::now();
    while !writers.is_empty() {
        if begun.elapsed() > PATIENCE {
            return Ok(false);
        }
        tokio::time::sleep(PAUSE).await;
        writers = sqlx::query_scalar(
            "select virtualtransaction
             from pg_locks
             where locktype = 'relation' and relation = $1::text::regclass and mode = 'RowExclusiveLock'
                 and database = (select oid from pg_database where datname = current_database())
                 and virtualtransaction = any($2)",
        )
        .bind(table)
        .bind(&writers)
        .fetch_all(&mut *connection)
        .await?;
    }
    Ok(true)
}
