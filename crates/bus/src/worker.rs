//! Applying events: one transaction for many when all goes well, one each when something does not.

use std::{panic::AssertUnwindSafe, time::Duration};

use async_nats::jetstream::{AckKind, Message};
use futures::FutureExt as _;
use store::{
    By, Db, Unit,
    inbox::{self, Arrival, Incoming},
};
use tokio_util::sync::CancellationToken;
use tracing::{Instrument as _, Span, info_span, warn};

use crate::{BusError, Consumer, Envelope, Failure, Handler, connection::bus_error};

/// Events taken into one transaction when they are waiting.
pub(crate) const CHUNK: usize = 64;
/// Attempts after which an event that keeps failing is parked: about half a minute.
pub(crate) const MAX_ATTEMPTS: i64 = 8;
/// Attempts after which an event whose predecessor does not come is parked: about twenty seconds.
const MAX_WAITS: i64 = 40;
const DATABASE_PAUSE: Duration = Duration::from_millis(250);

/// What applies the events of one consumer.
pub(crate) struct Worker<'a, H> {
    pub(crate) consumer: Consumer,
    pub(crate) db: Db,
    pub(crate) handler: &'a H,
    pub(crate) stop: CancellationToken,
}

/// One event on its way in.
#[derive(Clone)]
pub(crate) struct Delivery {
    pub(crate) event: Envelope,
    pub(crate) subject: String,
    pub(crate) body: Vec<u8>,
    pub(crate) attempts: i64,
    /// It comes after all earlier ones of its aggregate: what is missing is not on its way.
    pub(crate) in_order: bool,
}

/// What becomes of a delivery.
pub(crate) enum Verdict {
    /// Applied, now or before.
    Applied,
    Later(Duration),
    Parked,
}

impl From<Verdict> for AckKind {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Applied => Self::Ack,
            Verdict::Later(delay) => Self::Nak(Some(delay)),
            Verdict::Parked => Self::Term,
        }
    }
}

impl<H: Handler> Worker<'_, H> {
    /// Applies and acknowledges messages of the broker.
    pub(crate) async fn process(&self, chunk: Vec<Message>) -> Result<(), BusError> {
        let mut messages = Vec::with_capacity(chunk.len());
        let mut deliveries = Vec::with_capacity(chunk.len());
        for message in chunk {
            match Envelope::parse(&message.payload) {
                Ok(event) => {
                    deliveries.push(Delivery {
                        event,
                        subject: message.subject.to_string(),
                        body: message.payload.to_vec(),
                        attempts: message.info().map_or(1, |info| info.delivered),
                        in_order: false,
                    });
                    messages.push(message);
                }
                Err(failure) => {
                    let verdict = self.park_unreadable(&message, &failure).await;
                    message.ack_with(verdict.into()).await.map_err(bus_error)?;
                }
            }
        }
        if deliveries.len() > 1 && self.apply_together(&deliveries).await.is_ok() {
            for message in messages {
                message.ack().await.map_err(bus_error)?;
            }
            return Ok(());
        }
        for (message, delivery) in messages.into_iter().zip(deliveries) {
            let verdict = self.settle(&delivery).await;
            message.ack_with(verdict.into()).await.map_err(bus_error)?;
        }
        Ok(())
    }

    /// All of them in one transaction, or none.
    pub(crate) async fn apply_together(&self, deliveries: &[Delivery]) -> Result<(), Failure> {
        let mut unit = self.unit().await?;
        for Delivery { event, .. } in deliveries {
            match self.arrive(&mut unit, event).await? {
                Arrival::Next => self.handle(&mut unit, event).await?,
                Arrival::Duplicate => {}
                Arrival::Early | Arrival::BehindParked => {
                    return Err(Failure::Retry("out of order".to_owned()));
                }
            }
        }
        Ok(unit.done().await?)
    }

    /// Applies one event, or decides what else becomes of it. While the database is away it is held here: that
    /// says nothing about the event, and costs it no attempt.
    pub(crate) async fn settle(&self, delivery: &Delivery) -> Verdict {
        loop {
            let patient = delivery.attempts < MAX_ATTEMPTS;
            let (reason, waiting) = match self.apply(&delivery.event).await {
                Ok(Arrival::Next | Arrival::Duplicate) => return Verdict::Applied,
                Ok(Arrival::Early) if delivery.attempts < MAX_WAITS && !delivery.in_order => {
                    return Verdict::Later(wait(delivery.attempts));
                }
                Ok(Arrival::Early) => ("an earlier event has not arrived".to_owned(), true),
                Ok(Arrival::BehindParked) => ("an earlier event is parked".to_owned(), true),
                Err(Failure::Retry(reason)) if patient => {
                    let (consumer, event) = (self.consumer.name, delivery.event.id);
                    warn!(consumer, %event, reason, "event will be tried again");
                    return Verdict::Later(backoff(delivery.attempts));
                }
                Err(Failure::Retry(reason) | Failure::Reject(reason)) => (reason, false),
                Err(Failure::Away(_)) => {
                    if self.wait_for_database().await {
                        continue;
                    }
                    return Verdict::Later(Duration::ZERO);
                }
            };
            if self.park(delivery, &reason, waiting).await.is_ok() {
                return Verdict::Parked;
            }
            if !self.wait_for_database().await {
                return Verdict::Later(Duration::ZERO);
            }
        }
    }

    async fn apply(&self, event: &Envelope) -> Result<Arrival, Failure> {
        let mut unit = self.unit().await?;
        let arrival = self.arrive(&mut unit, event).await?;
        if arrival == Arrival::Next {
            self.handle(&mut unit, event).await?;
            unit.done().await?;
        }
        Ok(arrival)
    }

    /// Lets the handler apply an event, in the trace of what caused it. A handler that panics would do so at
    /// every delivery, and take the process with it.
    pub(crate) async fn handle(&self, unit: &mut Unit, event: &Envelope) -> Result<(), Failure> {
        async {
            unit.caused_by(telemetry::current_traceparent().or_else(|| event.traceparent.clone()));
            AssertUnwindSafe(self.handler.handle(unit, event))
                .catch_unwind()
                .await
                .unwrap_or_else(|_| Err(Failure::Reject("the handler panicked".to_owned())))?;
            metrics::counter!("cpom_events_consumed_total", "consumer" => self.consumer.name)
                .increment(1);
            Ok(())
        }
        .instrument(self.span(event))
        .await
    }

    fn span(&self, event: &Envelope) -> Span {
        let span = info_span!(
            "process event",
            otel.kind = "consumer",
            messaging.system = "nats",
            messaging.destination.name = %event.event_type,
            messaging.message.id = %event.id,
            consumer = self.consumer.name,
            aggregate = %event.aggregate,
        );
        telemetry::follow(&span, event.traceparent.as_deref());
        span
    }

    pub(crate) async fn unit(&self) -> Result<Unit, Failure> {
        Ok(self
            .db
            .unit(By::service(self.consumer.name, self.db.clock().now()))
            .await?)
    }

    pub(crate) async fn arrive(
        &self,
        unit: &mut Unit,
        event: &Envelope,
    ) -> Result<Arrival, Failure> {
        let incoming = Incoming {
            consumer: self.consumer.name,
            aggregate: &event.aggregate,
            version: event.version,
        };
        Ok(inbox::arrive(unit.connection(), &incoming).await?)
    }

    /// Waits until the database answers; false when the process stops first.
    pub(crate) async fn wait_for_database(&self) -> bool {
        warn!(
            consumer = self.consumer.name,
            "events wait for the database"
        );
        loop {
            tokio::select! {
                () = tokio::time::sleep(DATABASE_PAUSE) => {}
                () = self.stop.cancelled() => return false,
            }
            if self.db.ping().await.is_ok() {
                return true;
            }
        }
    }
}

/// 25 ms more at each attempt: the predecessor is mostly in the hands of another replica.
fn wait(attempts: i64) -> Duration {
    Duration::from_millis(25 * u64::try_from(attempts.clamp(1, MAX_WAITS)).unwrap_or(1))
}

/// 200 ms, doubled at each attempt.
fn backoff(attempts: i64) -> Duration {
    let exponent = u32::try_from(attempts.clamp(1, MAX_ATTEMPTS)).unwrap_or(1);
    Duration::from_millis(100 * 2u64.pow(exponent))
}
