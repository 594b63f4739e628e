//! Applying other services' events: exactly once in effect, in the order of each aggregate.

use std::{future::Future, time::Duration};

use async_nats::jetstream::{
    AckKind, Message,
    consumer::{AckPolicy, DeliverPolicy, PullConsumer, pull},
};
use futures::{FutureExt as _, StreamExt as _};
use store::{
    By, Db, Unit,
    inbox::{self, Arrival, Incoming, Parked},
};
use tokio_util::sync::CancellationToken;
use tracing::{Instrument as _, info, info_span, warn};
use uuid::Uuid;

use crate::{Bus, BusError, Envelope, connection::bus_error, stream_name};

/// Why an event was not applied.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It may succeed later: the database is away, or something it rests on is not there yet.
    #[error("{0}")]
    Retry(String),
    /// It never will: it is parked for a person.
    #[error("{0}")]
    Reject(String),
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        let mut text = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(inner) = cause {
            text = format!("{text}: {inner}");
            cause = inner.source();
        }
        Self::Retry(text)
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        store::Error::from(error).into()
    }
}

/// What a service does with the events of one kind of aggregate.
pub trait Handler: Send + Sync + 'static {
    /// Applies one event inside `unit`, together with the facts it leads to. Called once per event, in the
    /// order of its aggregate; may be called again after a failure, whose effects were rolled back.
    fn handle(
        &self,
        unit: &mut Unit,
        event: &Envelope,
    ) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// A durable consumer of one kind of aggregate of one service.
#[derive(Debug, Clone)]
pub struct Consumer {
    /// Durable name, for example `contracts-finding`.
    pub name: &'static str,
    /// The service that publishes, for example `controls`.
    pub source: &'static str,
    /// Kind of aggregate, for example `finding`.
    pub kind: &'static str,
}

const ACK_WAIT: Duration = Duration::from_secs(60);
/// Deliveries after which an event that keeps failing is parked.
const MAX_DELIVERIES: i64 = 8;
/// Events taken into one transaction when they are waiting.
const CHUNK: usize = 64;
const MAX_PENDING: i64 = 256;
const HEARTBEAT: Duration = Duration::from_secs(5);
const EXPIRES: Duration = Duration::from_secs(30);

impl Consumer {
    /// Consumes until `stop`. `db` should have the rights of [`store::Role::Machine`].
    pub async fn run(self, bus: Bus, db: Db, handler: impl Handler, stop: CancellationToken) {
        let mut pause = Duration::from_millis(200);
        while !stop.is_cancelled() {
            let ended = self.consume(&bus, &db, &handler, &stop).await;
            if stop.is_cancelled() {
                return;
            }
            if let Err(error) = ended {
                warn!(consumer = self.name, %error, "consumer starts again");
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => {}
            }
            pause = (pause * 2).min(Duration::from_secs(5));
        }
    }

    /// Applies one event read from the owner's history: a new or rebuilt copy does not depend on what the
    /// broker still holds. What can never be applied is parked, as from the stream.
    ///
    /// # Errors
    /// [`Failure::Retry`] when the database is away.
    pub async fn apply_history(
        &self,
        db: &Db,
        handler: &impl Handler,
        canonical: &[u8],
    ) -> Result<(), Failure> {
        let event = Envelope::parse(canonical)?;
        let mut unit = self.unit(db).await?;
        if self.arrive(&mut unit, &event).await? != Arrival::Next {
            return Ok(());
        }
        let span = self.span(&event);
        match self.in_trace(&mut unit, &event, handler, span).await {
            Ok(()) => Ok(unit.done().await?),
            Err(Failure::Reject(reason)) => {
                drop(unit);
                let parked = Parked {
                    consumer: self.name.to_owned(),
                    event_id: event.id,
                    aggregate: event.aggregate,
                    version: event.version,
                    subject: "history".to_owned(),
                    body: canonical.to_vec(),
                    reason,
                    deliveries: 1,
                    parked_at: db.clock().now(),
                };
                Ok(inbox::park(db.pool(), &parked).await?)
            }
            Err(later) => Err(later),
        }
    }

    /// Applies what was parked, in order, as far as it goes. Returns how many were applied.
    pub async fn retry_parked(&self, db: &Db, handler: &impl Handler) -> Result<usize, Failure> {
        let mut applied = 0;
        for parked in inbox::parked(db.pool(), self.name).await? {
            let Ok(event) = Envelope::parse(&parked.body) else { continue };
            let mut unit = self.unit(db).await?;
            let arrival = self.arrive(&mut unit, &event).await?;
            if arrival == Arrival::Next {
                if let Err(failure) = handler.handle(&mut unit, &event).await {
                    warn!(consumer = self.name, event = %event.id, %failure, "still parked");
                    continue;
                }
            } else if arrival != Arrival::Duplicate {
                continue;
            }
            let now = unit.at();
            inbox::resolve(unit.connection(), self.name, event.id, now).await?;
            unit.done().await?;
            applied += 1;
        }
        Ok(applied)
    }

    async fn consume(
        &self,
        bus: &Bus,
        db: &Db,
        handler: &impl Handler,
        stop: &CancellationToken,
    ) -> Result<(), BusError> {
        let consumer = self.ensure(bus).await?;
        let mut messages = consumer
            .stream()
            .max_messages_per_batch(CHUNK)
            .expires(EXPIRES)
            .heartbeat(HEARTBEAT)
            .messages()
            .await
            .map_err(bus_error)?;
        loop {
            let first = tokio::select! {
                message = messages.next() => message,
                () = stop.cancelled() => return Ok(()),
            };
            let Some(first) = first else { return Ok(()) };
            let mut chunk = vec![first.map_err(bus_error)?];
            while chunk.len() < CHUNK {
                match messages.next().now_or_never() {
                    Some(Some(Ok(message))) => chunk.push(message),
                    Some(Some(Err(error))) => return Err(bus_error(error)),
                    Some(None) | None => break,
                }
            }
            self.process(db, handler, chunk).await?;
        }
    }

    async fn ensure(&self, bus: &Bus) -> Result<PullConsumer, BusError> {
        let stream = bus.context().get_stream(stream_name(self.source)).await.map_err(bus_error)?;
        let config = pull::Config {
            durable_name: Some(self.name.to_owned()),
            filter_subject: format!("cpom.{}.v1.{}.>", self.source, self.kind),
            deliver_policy: DeliverPolicy::All,
            ack_policy: AckPolicy::Explicit,
            ack_wait: ACK_WAIT,
            // Parking is ours: the broker must never drop a message silently.
            max_deliver: -1,
            max_ack_pending: MAX_PENDING,
            ..Default::default()
        };
        stream.get_or_create_consumer(self.name, config).await.map_err(bus_error)
    }

    /// One transaction for the whole chunk when all of it can be applied; otherwise one by one.
    async fn process(
        &self,
        db: &Db,
        handler: &impl Handler,
        chunk: Vec<Message>,
    ) -> Result<(), BusError> {
        if chunk.len() > 1 && self.apply_together(db, handler, &chunk).await.is_ok() {
            for message in chunk {
                message.ack().await.map_err(bus_error)?;
            }
            return Ok(());
        }
        for message in chunk {
            self.process_one(db, handler, message).await?;
        }
        Ok(())
    }

    async fn apply_together(
        &self,
        db: &Db,
        handler: &impl Handler,
        chunk: &[Message],
    ) -> Result<(), Failure> {
        let mut unit = self.unit(db).await?;
        for message in chunk {
            let event = Envelope::parse(&message.payload)?;
            let span = self.span(&event);
            match self.arrive(&mut unit, &event).instrument(span.clone()).await? {
                Arrival::Next => {
                    self.in_trace(&mut unit, &event, handler, span).await?;
                }
                Arrival::Duplicate => {}
                Arrival::Early | Arrival::BehindParked => {
                    return Err(Failure::Retry("out of order".to_owned()));
                }
            }
        }
        unit.done().await?;
        Ok(())
    }

    async fn process_one(
        &self,
        db: &Db,
        handler: &impl Handler,
        message: Message,
    ) -> Result<(), BusError> {
        let deliveries = message.info().map_or(1, |info| info.delivered);
        let reply = match self.apply_one(db, handler, &message).await {
            Ok(Arrival::Next | Arrival::Duplicate) => AckKind::Ack,
            Ok(Arrival::Early) if deliveries < MAX_DELIVERIES => {
                AckKind::Nak(Some(Duration::from_millis(100)))
            }
            Ok(Arrival::Early) => self.park(db, &message, "an earlier event has not arrived").await,
            Ok(Arrival::BehindParked) => self.park(db, &message, "an earlier event is parked").await,
            Err(Failure::Retry(reason)) if deliveries < MAX_DELIVERIES => {
                warn!(consumer = self.name, reason, deliveries, "event will be tried again");
                AckKind::Nak(Some(backoff(deliveries)))
            }
            Err(Failure::Retry(reason) | Failure::Reject(reason)) => {
                self.park(db, &message, &reason).await
            }
        };
        message.ack_with(reply).await.map_err(bus_error)
    }

    async fn apply_one(
        &self,
        db: &Db,
        handler: &impl Handler,
        message: &Message,
    ) -> Result<Arrival, Failure> {
        let event = Envelope::parse(&message.payload)?;
        let span = self.span(&event);
        let mut unit = self.unit(db).await?;
        let arrival = self.arrive(&mut unit, &event).await?;
        if arrival == Arrival::Next {
            self.in_trace(&mut unit, &event, handler, span).await?;
            self.unblock(&mut unit, handler, &event).await?;
            unit.done().await?;
        }
        Ok(arrival)
    }

    /// Applies the parked events that were only waiting for the one just applied.
    async fn unblock(
        &self,
        unit: &mut Unit,
        handler: &impl Handler,
        applied: &Envelope,
    ) -> Result<(), Failure> {
        let mut version = applied.version + 1;
        loop {
            let next = Incoming { consumer: self.name, aggregate: &applied.aggregate, version };
            let Some(parked) = inbox::parked_at(unit.connection(), &next).await? else {
                return Ok(());
            };
            let event = Envelope::parse(&parked.body)?;
            self.arrive(unit, &event).await?;
            let span = self.span(&event);
            self.in_trace(unit, &event, handler, span).await?;
            let now = unit.at();
            inbox::resolve(unit.connection(), self.name, event.id, now).await?;
            version += 1;
        }
    }

    async fn in_trace(
        &self,
        unit: &mut Unit,
        event: &Envelope,
        handler: &impl Handler,
        span: tracing::Span,
    ) -> Result<(), Failure> {
        async {
            unit.caused_by(telemetry::current_traceparent().or_else(|| event.traceparent.clone()));
            let handled = handler.handle(unit, event).await;
            metrics::counter!("cpom_events_consumed_total", "consumer" => self.name).increment(1);
            handled
        }
        .instrument(span)
        .await
    }

    fn span(&self, event: &Envelope) -> tracing::Span {
        let span = info_span!(
            "process event",
            otel.kind = "consumer",
            messaging.system = "nats",
            messaging.destination.name = %event.event_type,
            messaging.message.id = %event.id,
            consumer = self.name,
            aggregate = %event.aggregate,
        );
        telemetry::follow(&span, event.traceparent.as_deref());
        span
    }

    async fn unit(&self, db: &Db) -> Result<Unit, Failure> {
        Ok(db.unit(By::service(self.name, db.clock().now())).await?)
    }

    async fn arrive(&self, unit: &mut Unit, event: &Envelope) -> Result<Arrival, Failure> {
        let incoming = Incoming {
            consumer: self.name,
            aggregate: &event.aggregate,
            version: event.version,
        };
        Ok(inbox::arrive(unit.connection(), &incoming).await?)
    }

    /// Sets the message aside and tells the broker not to deliver it again; if even that fails, it will be
    /// delivered again and parked then.
    async fn park(&self, db: &Db, message: &Message, reason: &str) -> AckKind {
        let (deliveries, sequence) =
            message.info().map_or((1, 0), |info| (info.delivered, info.stream_sequence));
        let (event_id, aggregate, version) = match Envelope::parse(&message.payload) {
            Ok(event) => (event.id, event.aggregate, event.version),
            // Not even an envelope: known by its place in the stream.
            Err(_) => (Uuid::from_u128(sequence.into()), message.subject.to_string(), 0),
        };
        let parked = Parked {
            consumer: self.name.to_owned(),
            event_id,
            aggregate,
            version,
            subject: message.subject.to_string(),
            body: message.payload.to_vec(),
            reason: reason.to_owned(),
            deliveries,
            parked_at: db.clock().now(),
        };
        match inbox::park(db.pool(), &parked).await {
            Ok(()) => {
                info!(consumer = self.name, event = %event_id, reason, "event parked");
                metrics::counter!("cpom_events_parked_total", "consumer" => self.name).increment(1);
                AckKind::Term
            }
            Err(error) => {
                warn!(consumer = self.name, event = %event_id, %error, "event could not be parked");
                AckKind::Nak(Some(backoff(deliveries)))
            }
        }
    }
}

fn backoff(deliveries: i64) -> Duration {
    let exponent = u32::try_from(deliveries.clamp(1, 8)).unwrap_or(1);
    Duration::from_millis(100 * 2u64.pow(exponent))
}
