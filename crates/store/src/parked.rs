//! Messages set aside: what could not be applied, why, and what became of it.

use sqlx::{PgConnection, PgPool, Row as _};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::Error;

/// A message set aside, with the reason.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Parked {
    pub consumer: String,
    pub event_id: Uuid,
    pub aggregate: String,
    /// 0 when the message was not even an event.
    pub version: i64,
    pub subject: String,
    pub body: Vec<u8>,
    pub reason: String,
    /// How often it was tried.
    pub deliveries: i64,
    pub parked_at: OffsetDateTime,
    /// It was not refused: it is applied as soon as it is the next of its aggregate.
    pub waiting: bool,
}

/// Sets a message aside. One that was set aside before, or dismissed, stays as it is.
pub async fn park(pool: &PgPool, parked: &Parked) -> Result<(), Error> {
    sqlx::query(
        "insert into parked (consumer, event_id, aggregate, version, subject, body, reason, deliveries,
             parked_at, waiting)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (consumer, event_id) do nothing",
    )
    .bind(&parked.consumer)
    .bind(parked.event_id)
    .bind(&parked.aggregate)
    .bind(parked.version)
    .bind(&parked.subject)
    .bind(&parked.body)
    .bind(&parked.reason)
    .bind(parked.deliveries)
    .bind(parked.parked_at)
    .bind(parked.waiting)
    .execute(pool)
    .await?;
    Ok(())
}

/// Messages that are still set aside, each aggregate's in its order.
pub async fn list(pool: &PgPool, limit: i64) -> Result<Vec<Parked>, Error> {
    Ok(sqlx::query_as(
        "select consumer, event_id, aggregate, version, subject, body, reason, deliveries, parked_at, waiting
         from parked
         where resolved_at is null
         order by consumer, aggregate, version
         limit $1",
    )
    .bind(limit)
    .fetch_all(pool)
    .await?)
}

/// Messages of a consumer whose turn has come: they were waiting for it, or it is already past.
pub async fn due(pool: &PgPool, consumer: &str, limit: i64) -> Result<Vec<Parked>, Error> {
    Ok(sqlx::query_as(
        "select parked.consumer, event_id, parked.aggregate, parked.version, subject, body, reason, deliveries,
             parked_at, waiting
         from parked
         left join inbox on inbox.consumer = parked.consumer and inbox.aggregate = parked.aggregate
         where parked.consumer = $1
             and resolved_at is null
             and parked.version > 0
             and (
                 parked.version <= coalesce(inbox.version, 0)
                 or waiting and parked.version = coalesce(inbox.version, 0) + 1
             )
         order by parked.aggregate, parked.version
         limit $2",
    )
    .bind(consumer)
    .bind(limit)
    .fetch_all(pool)
    .await?)
}

/// Whether a message waits for one of these aggregates to move.
pub async fn any_waiting(
    connection: &mut PgConnection,
    consumer: &str,
    aggregates: &[&str],
) -> Result<bool, Error> {
    let row = sqlx::query(
        "select exists (
             select from parked
             where consumer = $1 and aggregate = any($2) and waiting and resolved_at is null
         ) as waiting",
    )
    .bind(consumer)
    .bind(aggregates)
    .fetch_one(connection)
    .await?;
    Ok(row.get("waiting"))
}

/// Records that a parked message was applied.
pub async fn applied(
    connection: &mut PgConnection,
    consumer: &str,
    event_id: Uuid,
    now: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query(
        "update parked
         set resolved_at = $3, resolution = 'applied'
         where consumer = $1 and event_id = $2 and resolved_at is null",
    )
    .bind(consumer)
    .bind(event_id)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Records one more attempt that failed.
pub async fn failed(
    pool: &PgPool,
    consumer: &str,
    event_id: Uuid,
    reason: &str,
    waiting: bool,
) -> Result<(), Error> {
    sqlx::query(
        "update parked
         set reason = $3, waiting = $4, deliveries = deliveries + 1
         where consumer = $1 and event_id = $2 and resolved_at is null",
    )
    .bind(consumer)
    .bind(event_id)
    .bind(reason)
    .bind(waiting)
    .execute(pool)
    .await?;
    Ok(())
}

/// Which parked messages a person means.
#[derive(Debug, Clone, Copy)]
pub enum Which<'a> {
    Event(Uuid),
    Consumer(&'a str),
    All,
}

/// Lets refused messages be tried again, as soon as they are the next of their aggregates. Returns how many.
pub async fn ask_retry(pool: &PgPool, which: Which<'_>) -> Result<u64, Error> {
    let (event_id, consumer) = match which {
        Which::Event(id) => (Some(id), None),
        Which::Consumer(name) => (None, Some(name)),
        Which::All => (None, None),
    };
    let asked = sqlx::query(
        "update parked
         set waiting = true, deliveries = 0
         where resolved_at is null
             and version > 0
             and ($1::uuid is null or event_id = $1)
             and ($2::text is null or consumer = $2)",
    )
    .bind(event_id)
    .bind(consumer)
    .execute(pool)
    .await?;
    Ok(asked.rows_affected())
}

/// What came of a dismissal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dismissal {
    Done,
    /// Nothing with this id is set aside.
    Unknown,
    /// The event of this consumer is not the next of its aggregate: this many must be settled first.
    Behind {
        consumer: String,
        earlier: i64,
    },
}

/// Gives a parked message up: its aggregate goes on without it, and who decided so and why is kept.
pub async fn dismiss(
    connection: &mut PgConnection,
    event_id: Uuid,
    by: &str,
    reason: &str,
    now: OffsetDateTime,
) -> Result<Dismissal, Error> {
    let rows = sqlx::query(
        "select consumer, aggregate, version
         from parked
         where event_id = $1 and resolved_at is null
         for update",
    )
    .bind(event_id)
    .fetch_all(&mut *connection)
    .await?;
    if rows.is_empty() {
        return Ok(Dismissal::Unknown);
    }
    for row in rows {
        let (consumer, aggregate, version): (String, String, i64) = (
            row.get("consumer"),
            row.get("aggregate"),
            row.get("version"),
        );
        if version > 0 {
            // The position is locked, so that no replica moves it meanwhile.
            let position = sqlx::query(
                "select version from inbox where consumer = $1 and aggregate = $2 for update",
            )
            .bind(&consumer)
            .bind(&aggregate)
            .fetch_optional(&mut *connection)
            .await?
            .map_or(0, |row| row.get("version"));
            if position + 1 < version {
                return Ok(Dismissal::Behind {
                    consumer,
                    earlier: version - position - 1,
                });
            }
            sqlx::query(
                "insert into inbox (consumer, aggregate, version)
                 values ($1, $2, $3)
                 on conflict (consumer, aggregate) do update
                     set version = greatest(inbox.version, excluded.version)",
            )
            .bind(&consumer)
            .bind(&aggregate)
            .bind(version)
            .execute(&mut *connection)
            .await?;
        }
        sqlx::query(
            "update parked
             set resolved_at = $3, resolution = 'dismissed', dismissed_by = $4, dismissal_reason = $5
             where consumer = $1 and event_id = $2",
        )
        .bind(&consumer)
        .bind(event_id)
        .bind(now)
        .bind(by)
        .bind(reason)
        .execute(&mut *connection)
        .await?;
    }
    Ok(Dismissal::Done)
}
