//! From the outbox to the stream.
//!
//! Rows are deleted after the broker has acknowledged them, so there is no cursor that a late commit could
//! fall behind. A crash between the two publishes again, with the same message id: the broker's window
//! hides most duplicates, the inbox of each consumer all of them.

use std::{collections::HashMap, time::Duration};

use async_nats::jetstream::message::PublishMessage;
use sqlx::{Executor as _, PgConnection, Postgres, pool::PoolConnection};
use store::{
    Db,
    person::{self, Named},
};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::warn;
use uuid::Uuid;

use crate::{Bus, BusError, connection::bus_error, naming};

/// Rows of one batch; below the client's limit of publications in flight.
const BATCH: usize = 500;
/// What other replicas committed is looked for this often.
const POLL: Duration = Duration::from_millis(250);
/// Under load, batches begin no closer than this for each event of the last one, so that a batch is worth its round
/// trips. An event that comes alone does not wait.
const STEP: Duration = Duration::from_millis(5);
const LONGEST_STEP: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Of the connection that publishes. A deletion that a power cut takes back is a batch published twice, which is
/// absorbed. Plans are made as in a unit of work, for the same reasons.
const SETTINGS: &str = "set synchronous_commit = off;
    set plan_cache_mode = force_generic_plan;
    set enable_seqscan = off";

/// Publishes until `stop`; what is left then is published by another replica, or at the next start.
/// Every replica runs this; the advisory lock lets one at a time publish, which keeps the order.
pub async fn relay(db: Db, bus: Bus, stop: CancellationToken) {
    let wake = db.wake();
    let mut outbox = Outbox {
        db,
        connection: None,
    };
    let mut pause = POLL;
    let mut distance = STEP;
    loop {
        let begun = Instant::now();
        match outbox.publish_batch(&bus).await {
            Ok(published) => {
                pause = POLL;
                distance =
                    (STEP * u32::try_from(published.max(1)).unwrap_or(u32::MAX)).min(LONGEST_STEP);
                if published == BATCH {
                    continue;
                }
            }
            Err(error) => {
                // The lock goes with the connection.
                outbox.connection = None;
                warn!(%error, pause_ms = pause.as_millis(), "events wait in the outbox");
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
        if stop.is_cancelled() {
            return;
        }
        tokio::select! {
            () = wake.notified() => sleep_until(begun + distance).await,
            () = sleep(pause) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Why a batch was not published.
#[derive(Debug, thiserror::Error)]
enum RelayError {
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Bus(#[from] BusError),
}

/// The outbox, on a connection of its own that holds the lock while a batch is published.
struct Outbox {
    db: Db,
    connection: Option<PoolConnection<Postgres>>,
}

impl Outbox {
    /// Publishes one batch and returns how many events it held; 0 when another replica is publishing.
    /// What the broker had acknowledged before a failure is not published again.
    async fn publish_batch(&mut self, bus: &Bus) -> Result<usize, RelayError> {
        let connection = self.connection().await?;
        let queued = claim(connection).await.map_err(store::Error::from)?;
        if queued.is_empty() {
            return Ok(0);
        }
        // The client would keep what it cannot send and send it later, once more and out of order.
        if !bus.is_connected() {
            return Err(BusError("not connected".to_owned()).into());
        }
        let persons = name_others(connection, &queued).await?;
        let (published, failure) = publish(bus, &queued, &persons).await;
        release(connection, &published)
            .await
            .map_err(store::Error::from)?;
        metrics::counter!("cpom_events_published_total").increment(published.len() as u64);
        match failure {
            Some(error) => Err(error.into()),
            None => Ok(published.len()),
        }
    }

    async fn connection(&mut self) -> Result<&mut PgConnection, RelayError> {
        if self.connection.is_none() {
            let mut connection = self.db.pool().acquire().await.map_err(store::Error::from)?;
            // Back in the pool it would keep the lock.
            connection.close_on_drop();
            connection
                .execute(SETTINGS)
                .await
                .map_err(store::Error::from)?;
            self.connection = Some(connection);
        }
        match &mut self.connection {
            Some(connection) => Ok(connection),
            None => Err(BusError("no connection".to_owned()).into()),
        }
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
    /// Who acted, as the bytes name it.
    actor: String,
    /// The person who did.
    person: Option<String>,
    canonical: Vec<u8>,
}

/// The oldest batch and the lock on the outbox, unless it is empty or another replica is publishing.
/// The lock is asked for last, so an empty outbox takes none.
async fn claim(connection: &mut PgConnection) -> Result<Vec<Queued>, sqlx::Error> {
    sqlx::query_as(
        "with queued as materialized (
             select seq, event_id from outbox order by seq limit $1
         ),
         leader as materialized (
             select pg_try_advisory_lock(hashtext('cpom-outbox')) as leads
             where exists (select from queued)
         )
         select queued.seq, event.*, person.subject as person
         from leader
         join queued on leader.leads
         -- Fenced, so that each is looked up by its key: a plan made while the tables were young would
         -- join by reading their whole indexes, for as long as this connection lives.
         cross join lateral (
             select id, aggregate_kind, aggregate, type, traceparent, actor, canonical
             from event
             where event.id = queued.event_id
             offset 0
         ) as event
         left join lateral (
             select subject
             from person
             where person.commitment = event.actor
             offset 0
         ) as person on true
         order by queued.seq",
    )
    .bind(i64::try_from(BATCH).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await
}

/// Who is named in the data of events, beside those who act: of few events, so the others cost no round trip.
async fn name_others(
    connection: &mut PgConnection,
    queued: &[Queued],
) -> Result<HashMap<String, Named>, store::Error> {
    let others = queued
        .iter()
        .flat_map(|event| {
            let mut named = person::commitments(&event.canonical);
            named.remove(event.actor.as_str());
            named
        })
        .collect();
    person::named(connection, &others).await
}

/// Removes what was published and lets go of the lock. Another replica that looks in between publishes the
/// batch again under the same message ids, which the broker drops.
async fn release(connection: &mut PgConnection, published: &[i64]) -> Result<(), sqlx::Error> {
    sqlx::query(
        "with published as (delete from outbox where seq = any($1))
         select pg_advisory_unlock(hashtext('cpom-outbox'))",
    )
    .bind(published)
    .execute(connection)
    .await?;
    Ok(())
}

/// Sends all, then waits for all acknowledgements: those up to the first failure count.
async fn publish(
    bus: &Bus,
    queued: &[Queued],
    persons: &HashMap<String, Named>,
) -> (Vec<i64>, Option<BusError>) {
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
        let acted = event
            .person
            .as_deref()
            .map(|subject| (event.actor.as_str(), subject));
        let others = person::commitments(&event.canonical)
            .into_iter()
            .filter_map(|commitment| Some((commitment, persons.get(commitment)?.subject.as_str())));
        let body = naming(event.canonical.clone(), others.chain(acted));
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
