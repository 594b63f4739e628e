//! What a consumer has already applied, in the same transaction as its effects.

use sqlx::{PgConnection, PgPool, Row as _};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::Error;

/// Where an incoming event stands in the history of its aggregate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// The next one: apply it.
    Next,
    /// Applied before: nothing to do.
    Duplicate,
    /// An earlier one is still on its way.
    Early,
    /// An earlier one is parked: this one must wait behind it.
    BehindParked,
}

/// An event on its way into a consumer.
#[derive(Debug, Clone)]
pub struct Incoming<'a> {
    pub consumer: &'a str,
    pub aggregate: &'a str,
    pub version: i64,
}

/// Moves the aggregate on, if the event is its next. The row serialises replicas.
pub async fn arrive(
    connection: &mut PgConnection,
    incoming: &Incoming<'_>,
) -> Result<Arrival, Error> {
    let step = if incoming.version == 1 {
        "insert into inbox (consumer, aggregate, version)
         values ($1, $2, $3)
         on conflict do nothing"
    } else {
        "update inbox set version = $3 where consumer = $1 and aggregate = $2 and version = $3 - 1"
    };
    let moved = sqlx::query(step)
        .bind(incoming.consumer)
        .bind(incoming.aggregate)
        .bind(incoming.version)
        .execute(&mut *connection)
        .await?;
    if moved.rows_affected() == 1 {
        return Ok(Arrival::Next);
    }
    let row = sqlx::query(
        "select
             coalesce((select version from inbox where consumer = $1 and aggregate = $2), 0) as position,
             exists (
                 select from parked
                 where consumer = $1 and aggregate = $2 and version < $3 and resolved_at is null
             ) as parked",
    )
    .bind(incoming.consumer)
    .bind(incoming.aggregate)
    .bind(incoming.version)
    .fetch_one(connection)
    .await?;
    Ok(match (incoming.version <= row.get::<i64, _>("position"), row.get("parked")) {
        (true, _) => Arrival::Duplicate,
        (false, true) => Arrival::BehindParked,
        (false, false) => Arrival::Early,
    })
}

/// A message set aside, with the reason.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Parked {
    pub consumer: String,
    pub event_id: Uuid,
    pub aggregate: String,
    pub version: i64,
    pub subject: String,
    pub body: Vec<u8>,
    pub reason: String,
    pub deliveries: i64,
    pub parked_at: OffsetDateTime,
}

/// Sets a message aside. Parking it twice keeps the first reason.
pub async fn park(pool: &PgPool, parked: &Parked) -> Result<(), Error> {
    sqlx::query(
        "insert into parked (consumer, event_id, aggregate, version, subject, body, reason, deliveries, parked_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (consumer, event_id) do update
             set resolved_at = null, reason = excluded.reason, deliveries = excluded.deliveries
             where parked.resolved_at is not null",
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
    .execute(pool)
    .await?;
    Ok(())
}

/// Messages still set aside for a consumer, each aggregate's in its order.
pub async fn parked(pool: &PgPool, consumer: &str) -> Result<Vec<Parked>, Error> {
    Ok(sqlx::query_as(
        "select consumer, event_id, aggregate, version, subject, body, reason, deliveries, parked_at
         from parked
         where consumer = $1 and resolved_at is null
         order by aggregate, version
         limit 1000",
    )
    .bind(consumer)
    .fetch_all(pool)
    .await?)
}

/// The message of this aggregate that waits to be the next, if one is parked.
pub async fn parked_at(
    connection: &mut PgConnection,
    incoming: &Incoming<'_>,
) -> Result<Option<Parked>, Error> {
    Ok(sqlx::query_as(
        "select consumer, event_id, aggregate, version, subject, body, reason, deliveries, parked_at
         from parked
         where consumer = $1 and aggregate = $2 and version = $3 and resolved_at is null",
    )
    .bind(incoming.consumer)
    .bind(incoming.aggregate)
    .bind(incoming.version)
    .fetch_optional(connection)
    .await?)
}

/// Marks a parked message as applied or dismissed.
pub async fn resolve(
    connection: &mut PgConnection,
    consumer: &str,
    event_id: Uuid,
    now: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query("update parked set resolved_at = $3 where consumer = $1 and event_id = $2")
        .bind(consumer)
        .bind(event_id)
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether this consumer's copy was built from the owner's history.
pub async fn is_bootstrapped(pool: &PgPool, consumer: &str) -> Result<bool, Error> {
    let row =
        sqlx::query("select exists (select from copy_bootstrap where consumer = $1) as done")
            .bind(consumer)
            .fetch_one(pool)
            .await?;
    Ok(row.get("done"))
}

/// Records that the copy is complete up to now.
pub async fn set_bootstrapped(
    pool: &PgPool,
    consumer: &str,
    now: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query(
        "insert into copy_bootstrap (consumer, completed_at) values ($1, $2) on conflict do nothing",
    )
    .bind(consumer)
    .bind(now)
    .execute(pool)
    .await?;
    Ok(())
}
