//! Setting messages aside, and taking them up again when their turn comes or a person asks for it.

use async_nats::jetstream::Message;
use sha2::{Digest as _, Sha256};
use store::{
    inbox::Arrival,
    parked::{self, Parked, Which},
};
use tracing::{info, warn};
use uuid::Uuid;

use crate::{
    Envelope, Failure, Handler,
    worker::{Delivery, MAX_ATTEMPTS, Verdict, Worker},
};

/// Parked messages looked at in one go.
const BATCH: i64 = 64;

impl<H: Handler> Worker<'_, H> {
    /// Sets a delivery aside.
    pub(crate) async fn park(
        &self,
        delivery: &Delivery,
        reason: &str,
        waiting: bool,
    ) -> Result<(), store::Error> {
        self.set_aside(Parked {
            consumer: self.consumer.name.to_owned(),
            event_id: delivery.event.id,
            aggregate: delivery.event.aggregate.clone(),
            version: delivery.event.version,
            subject: delivery.subject.clone(),
            body: delivery.body.clone(),
            reason: reason.to_owned(),
            deliveries: delivery.attempts,
            parked_at: self.db.clock().now(),
            waiting,
        })
        .await
    }

    /// Sets aside what is not even an event. It is known by its content, so that it is kept once.
    pub(crate) async fn park_unreadable(&self, message: &Message, failure: &Failure) -> Verdict {
        let mut content = Sha256::new();
        content.update(message.subject.as_bytes());
        content.update([0]);
        content.update(&message.payload);
        let mut id = [0; 16];
        id.copy_from_slice(&content.finalize()[..16]);
        let parked = Parked {
            consumer: self.consumer.name.to_owned(),
            event_id: Uuid::from_bytes(id),
            aggregate: message.subject.to_string(),
            version: 0,
            subject: message.subject.to_string(),
            body: message.payload.to_vec(),
            reason: failure.to_string(),
            deliveries: 1,
            parked_at: self.db.clock().now(),
            waiting: false,
        };
        while self.set_aside(parked.clone()).await.is_err() {
            if !self.wait_for_database().await {
                return Verdict::Later(std::time::Duration::ZERO);
            }
        }
        Verdict::Parked
    }

    async fn set_aside(&self, parked: Parked) -> Result<(), store::Error> {
        parked::park(self.db.pool(), &parked)
            .await
            .inspect_err(|error| {
                let (consumer, event) = (&parked.consumer, parked.event_id);
                warn!(consumer, %event, %error, "event could not be parked");
            })?;
        let Parked {
            consumer,
            event_id,
            aggregate,
            reason,
            ..
        } = &parked;
        warn!(consumer, event = %event_id, aggregate, reason, "event parked");
        metrics::counter!("cpom_events_parked_total", "consumer" => self.consumer.name)
            .increment(1);
        Ok(())
    }

    /// Lets everything that is parked be tried again.
    pub(crate) async fn retry_parked(&self) -> Result<usize, Failure> {
        parked::ask_retry(self.db.pool(), Which::Consumer(self.consumer.name)).await?;
        self.sweep().await
    }

    /// Applies the parked messages whose turn has come, and those whose turn comes thereby. Returns how many.
    pub(crate) async fn sweep(&self) -> Result<usize, Failure> {
        let mut applied = 0;
        loop {
            let before = applied;
            for parked in parked::due(self.db.pool(), self.consumer.name, BATCH).await? {
                if self.retry(&parked).await? {
                    applied += 1;
                }
            }
            if applied == before || self.stop.is_cancelled() {
                return Ok(applied);
            }
        }
    }

    /// Tries one parked message; false when it stays parked.
    async fn retry(&self, parked: &Parked) -> Result<bool, Failure> {
        let tried = match Envelope::parse(&parked.body) {
            Ok(event) => self.apply_parked(&event).await,
            Err(unreadable) => Err(unreadable),
        };
        let (reason, waiting) = match tried {
            Ok(applied) => return Ok(applied),
            Err(Failure::Away(reason)) => return Err(Failure::Away(reason)),
            Err(Failure::Retry(reason)) => (reason, parked.deliveries + 1 < MAX_ATTEMPTS),
            Err(Failure::Reject(reason)) => (reason, false),
        };
        let (consumer, event) = (self.consumer.name, parked.event_id);
        warn!(consumer, %event, reason, "event stays parked");
        parked::failed(self.db.pool(), consumer, event, &reason, waiting).await?;
        Ok(false)
    }

    async fn apply_parked(&self, event: &Envelope) -> Result<bool, Failure> {
        let mut unit = self.unit().await?;
        match self.arrive(&mut unit, event).await? {
            Arrival::Next => self.handle(&mut unit, event).await?,
            Arrival::Duplicate => {}
            // Another replica was at work meanwhile.
            Arrival::Early | Arrival::BehindParked => return Ok(false),
        }
        let now = unit.at();
        parked::applied(unit.connection(), self.consumer.name, event.id, now).await?;
        unit.done().await?;
        info!(consumer = self.consumer.name, event = %event.id, "parked event applied");
        Ok(true)
    }
}
