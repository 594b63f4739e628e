//! From the outbox to the stream.
//!
//! Rows are deleted after the broker has acknowledged them, so there is no cursor that a late commit could
//! fall behind. A crash between the two publishes again, with the same message id: the broker's window
//! hides most duplicates, the inbox of each consumer all of them.

use std::time::Duration;

use async_nats::jetstream::message::PublishMessage;
use sqlx::Row as _;
use store::{By, Db};
use tokio_util::sync::CancellationToken;
use tracing::warn;
use uuid::Uuid;

use crate::{Bus, connection::bus_error};

/// Rows of one transaction; below the client's limit of publications in flight.
const BATCH: i64 = 500;
const POLL: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Publishes until `stop`; what is left then is published by another replica, or at the next start.
/// Every replica runs this; the advisory lock lets one at a time publish, which keeps the order.
pub async fn relay(db: Db, bus: Bus, stop: CancellationToken) {
    let wake = db.wake();
    let mut pause = POLL;
    loop {
        match drain(&db, &bus).await {
            Ok(published) => {
                pause = POLL;
                if published > 0 {
                    continue;
                }
                if stop.is_cancelled() {
                    return;
                }
            }
            Err(error) => {
                if stop.is_cancelled() {
                    return;
                }
                warn!(%error, pause_ms = pause.as_millis(), "events wait in the outbox");
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
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
    Bus(#[from] crate::BusError),
}

/// Publishes one batch and returns how many events it held; 0 when another replica is publishing.
pub async fn drain(db: &Db, bus: &Bus) -> Result<usize, RelayError> {
    let mut unit = db.unit(By::service("relay", db.clock().now())).await?;
    let leader: bool =
        sqlx::query("select pg_try_advisory_xact_lock(hashtext('cpom-outbox')) as leader")
            .fetch_one(unit.connection())
            .await
            .map_err(store::Error::from)?
            .get("leader");
    if !leader {
        return Ok(0);
    }
    let rows = sqlx::query(
        "select
             queued.seq,
             event.id,
             event.aggregate_kind,
             event.aggregate,
             event.type,
             event.traceparent,
             event.canonical
         from (select seq, event_id from outbox order by seq limit $1) as queued
         join event on event.id = queued.event_id
         order by queued.seq",
    )
    .bind(BATCH)
    .fetch_all(unit.connection())
    .await
    .map_err(store::Error::from)?;
    if rows.is_empty() {
        return Ok(0);
    }

    let mut acknowledgements = Vec::with_capacity(rows.len());
    let mut failure = None;
    for row in &rows {
        let subject = store::subject(
            row.get("aggregate_kind"),
            row.get("aggregate"),
            row.get("type"),
        );
        let mut message = PublishMessage::build()
            .message_id(row.get::<Uuid, _>("id").to_string())
            .header("content-type", "application/cloudevents+json");
        if let Some(traceparent) = row.get::<Option<&str>, _>("traceparent") {
            message = message.header(telemetry::context::TRACEPARENT, traceparent);
        }
        let body: Vec<u8> = row.get("canonical");
        match bus.context().send_publish(subject, message.payload(body.into())).await {
            Ok(acknowledgement) => acknowledgements.push((row.get::<i64, _>("seq"), acknowledgement)),
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
            Err(error) => {
                failure = Some(bus_error(error));
                break;
            }
        }
    }
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
