//! From the outbox to the stream.
//!
//! Rows are deleted after the broker has acknowledged them, so there is no cursor that a late commit could
//! fall behind. A crash between the two publishes again, with the same message id: the broker's window
//! hides most duplicates, the inbox of each consumer all of them.

use std::time::Duration;

use async_nats::jetstream::message::PublishMessage;
use sqlx::PgConnection;
use store::{By, Db};
use tokio_util::sync::CancellationToken;
use tracing::warn;
use uuid::Uuid;

use crate::{Bus, BusError, connection::bus_error, naming};

/// Rows of one transaction; below the client's limit of publications in flight.
const BATCH: usize = 500;
const POLL: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Publishes until `stop`; what is left then is published by another replica, or at the next start.
/// Every replica runs this; the advisory lock lets one at a time publish, which keeps the order.
pub async fn relay(db: Db, bus: Bus, stop: CancellationToken) {
    let wake = db.wake();
    let mut pause = POLL;
    loop {
        match drain(&db, &bus).await {
            Ok(published) => {
                pause = POLL;
                if published == BATCH {
                    continue;
                }
            }
            Err(error) => {
                warn!(%error, pause_ms = pause.as_millis(), "events wait in the outbox");
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
        if stop.is_cancelled() {
            return;
        }
        tokio::select! {
            () = wake.notified() => {}
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Why a batch was not published.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Bus(#[from] BusError),
}

/// Publishes one batch and returns how many events it held; 0 when another replica is publishing.
///
/// # Errors
/// When the database or the broker is away. What the broker had acknowledged by then is not published again.
pub async fn drain(db: &Db, bus: &Bus) -> Result<usize, RelayError> {
    let mut unit = db.unit(By::service("relay", db.clock().now())).await?;
    let queued = claim(unit.connection()).await.map_err(store::Error::from)?;
    if queued.is_empty() {
        return Ok(0);
    }
    // The client would keep what it cannot send and send it later, once more and out of order.
    if !bus.is_connected() {
        return Err(BusError("not connected".to_owned()).into());
    }
    let (published, failure) = publish(bus, &queued).await;
    sqlx::query("delete from outbox where seq = any($1)")
        .bind(&published)
        .execute(unit.connection())
        .await
        .map_err(store::Error::from)?;
    unit.done().await?;
    metrics::counter!("cpom_events_published_total").increment(published.len() as u64);
    match failure {
        Some(error) => Err(error.into()),
        None => Ok(published.len()),
    }
}

/// An event in the outbox.
#[derive(sqlx::FromRow)]
struct Queued {
    seq: i64,
    id: Uuid,
    aggregate_kind: String,
    aggregate: String,
    #[sqlx(rename = "type")]
    event_type: String,
    traceparent: Option<String>,
    /// The person who acted.
    person: Option<String>,
    canonical: Vec<u8>,
}

/// The oldest batch, if no other replica is publishing.
async fn claim(connection: &mut PgConnection) -> Result<Vec<Queued>, sqlx::Error> {
    let leads: bool =
        sqlx::query_scalar("select pg_try_advisory_xact_lock(hashtext('cpom-outbox'))")
            .fetch_one(&mut *connection)
            .await?;
    if !leads {
        return Ok(Vec::new());
    }
    sqlx::query_as(
        "select
             queued.seq,
             event.id,
             event.aggregate_kind,
             event.aggregate,
             event.type,
             event.traceparent,
             person.subject as person,
             event.canonical
         from (select seq, event_id from outbox order by seq limit $1) as queued
         join event on event.id = queued.event_id
         left join person on person.commitment = event.actor
         order by queued.seq",
    )
    .bind(i64::try_from(BATCH).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await
}

/// Sends all, then waits for all acknowledgements: those up to the first failure count.
async fn publish(bus: &Bus, queued: &[Queued]) -> (Vec<i64>, Option<BusError>) {
    let mut acknowledgements = Vec::with_capacity(queued.len());
    let mut failure = None;
    for event in queued {
        let subject = store::subject(&event.aggregate_kind, &event.aggregate, &event.event_type);
        let mut message = PublishMessage::build()
            .message_id(event.id.to_string())
            .header("content-type", "application/cloudevents+json");
        if let Some(traceparent) = &event.traceparent {
            message = message.header(telemetry::context::TRACEPARENT, traceparent.as_str());
        }
        let body = naming(event.canonical.clone(), event.person.as_deref());
        let message = message.payload(body.into());
        match bus.context().send_publish(subject, message).await {
            Ok(acknowledgement) => acknowledgements.push((event.seq, acknowledgement)),
            Err(error) => {
                failure = Some(bus_error(error));
                break;
            }
        }
    }
    let mut published = Vec::with_capacity(acknowledgements.len());
    for (seq, acknowledgement) in acknowledgements {
        match acknowledgement.await {
            Ok(_) => published.push(seq),
            Err(error) => return (published, Some(bus_error(error))),
        }
    }
    (published, failure)
}
