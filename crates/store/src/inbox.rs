//! What a consumer has already applied, in the same transaction as its effects.

use sqlx::{PgConnection, PgPool, Row as _};
use time::OffsetDateTime;

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
    /// From 1.
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
    Ok(
        match (
            incoming.version <= row.get::<i64, _>("position"),
            row.get("parked"),
        ) {
            (true, _) => Arrival::Duplicate,
            (false, true) => Arrival::BehindParked,
            (false, false) => Arrival::Early,
        },
    )
}

/// Whether this consumer's copy was built from the owner's history.
pub async fn is_bootstrapped(pool: &PgPool, consumer: &str) -> Result<bool, Error> {
    let row = sqlx::query("select exists (select from copy_bootstrap where consumer = $1) as done")
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

/// Records that the copy may lack something: the owner's history will be read again. What was applied stays.
pub async fn forget_bootstrap(pool: &PgPool, consumer: &str) -> Result<(), Error> {
    sqlx::query("delete from copy_bootstrap where consumer = $1")
        .bind(consumer)
        .execute(pool)
        .await?;
    Ok(())
}
