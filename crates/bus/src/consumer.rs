//! A durable consumer: its life, from the broker's messages to their acknowledgement.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use async_nats::jetstream::{
    Message,
    consumer::{AckPolicy, DeliverPolicy, FromConsumer as _, PullConsumer, pull},
    context::ConsumerInfoErrorKind,
    stream::Stream,
};
use futures::{FutureExt as _, StreamExt as _};
use store::{Db, Unit, inbox};
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::{
    Bus, BusError, Envelope, Failure, Owner,
    connection::{bus_error, stream_name},
    history::NoOwner,
    worker::{CHUNK, Worker},
};

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

/// After a crash the messages it held stand still for this long. A slow handler costs a duplicate.
const ACK_WAIT: Duration = Duration::from_secs(10);
/// Messages that wait for a later attempt count too: a few stubborn ones must not stop the others.
const MAX_PENDING: i64 = 2_048;
const HEARTBEAT: Duration = Duration::from_secs(5);
const EXPIRES: Duration = Duration::from_secs(30);
/// How often parked messages whose turn has come are looked for.
const SWEEP_PERIOD: Duration = Duration::from_secs(2);
const SHORTEST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Why a session ended; another begins.
#[derive(Debug, thiserror::Error)]
enum Interruption {
    #[error(transparent)]
    Bus(#[from] BusError),
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<store::Error> for Interruption {
    fn from(error: store::Error) -> Self {
        Self::Failure(error.into())
    }
}

impl Consumer {
    /// Consumes until `stop`. `db` should have the rights of [`store::Role::Machine`].
    pub async fn run(self, bus: Bus, db: Db, handler: impl Handler, stop: CancellationToken) {
        self.run_from(None::<NoOwner>, bus, db, handler, stop).await;
    }

    /// The same for a copy that is built from the owner's history: the first time, and whenever the broker has
    /// lost its place.
    pub async fn run_from(
        self,
        owner: Option<impl Owner>,
        bus: Bus,
        db: Db,
        handler: impl Handler,
        stop: CancellationToken,
    ) {
        let name = self.name;
        let worker = Worker {
            consumer: self,
            db,
            handler: &handler,
            stop: stop.clone(),
        };
        let mut pause = SHORTEST_PAUSE;
        while !stop.is_cancelled() {
            let begun = Instant::now();
            match session(&worker, owner.as_ref(), &bus).await {
                Ok(()) => {}
                Err(_) if stop.is_cancelled() => return,
                Err(error) => warn!(consumer = name, %error, "consumer starts again"),
            }
            if begun.elapsed() > LONGEST_PAUSE {
                pause = SHORTEST_PAUSE;
            }
            tokio::select! {
                () = sleep(pause) => {}
                () = stop.cancelled() => {}
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Lets everything that is parked be tried again, in order, as far as it goes. Returns how many were applied.
    ///
    /// # Errors
    /// [`Failure::Away`] when the database is.
    pub async fn retry_parked(&self, db: &Db, handler: &impl Handler) -> Result<usize, Failure> {
        let worker = Worker {
            consumer: self.clone(),
            db: db.clone(),
            handler,
            stop: CancellationToken::new(),
        };
        worker.retry_parked().await
    }

    /// The durable of this consumer, if it is there, with the settings of the code.
    async fn durable(&self, stream: &Stream) -> Result<Option<PullConsumer>, BusError> {
        let present = match stream.consumer_info(self.name).await {
            Ok(info) => pull::Config::try_from_consumer_config(info.config).map_err(bus_error)?,
            Err(error) if error.kind() == ConsumerInfoErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(bus_error(error)),
        };
        let wanted = self.config(present.clone());
        if wanted == present {
            return Ok(Some(
                stream.get_consumer(self.name).await.map_err(bus_error)?,
            ));
        }
        self.create(stream, wanted).await.map(Some)
    }

    /// Creates the durable or changes its settings. The broker may keep old ones without a word, so what it
    /// answers is compared.
    async fn create(
        &self,
        stream: &Stream,
        wanted: pull::Config,
    ) -> Result<PullConsumer, BusError> {
        let durable: PullConsumer = stream.create_consumer(wanted).await.map_err(bus_error)?;
        let kept = pull::Config::try_from_consumer_config(durable.cached_info().config.clone())
            .map_err(bus_error)?;
        if kept != self.config(kept.clone()) {
            return Err(BusError(format!(
                "consumer {} keeps other settings; delete it",
                self.name
            )));
        }
        Ok(durable)
    }

    /// What the code decides of a durable, over what is there.
    fn config(&self, present: pull::Config) -> pull::Config {
        pull::Config {
            durable_name: Some(self.name.to_owned()),
            filter_subject: format!("cpom.{}.v1.{}.>", self.source, self.kind),
            deliver_policy: DeliverPolicy::All,
            ack_policy: AckPolicy::Explicit,
            ack_wait: ACK_WAIT,
            // Parking is ours: the broker must never drop a message silently.
            max_deliver: -1,
            max_ack_pending: MAX_PENDING,
            ..present
        }
    }
}

/// One connection to the durable, until something interrupts it or the process stops.
async fn session<H: Handler>(
    worker: &Worker<'_, H>,
    owner: Option<&impl Owner>,
    bus: &Bus,
) -> Result<(), Interruption> {
    let consumer = &worker.consumer;
    let was_complete = inbox::is_bootstrapped(worker.db.pool(), consumer.name).await?;
    worker.complete_copy(owner).await?;
    let stream = bus
        .find_stream(consumer.source)
        .await?
        .ok_or_else(|| BusError(format!("{} is not there yet", stream_name(consumer.source))))?;
    let durable = if let Some(durable) = consumer.durable(&stream).await? {
        durable
    } else {
        // The stream or the durable is new. What an earlier one still held for this copy would be missing.
        if was_complete {
            inbox::forget_bootstrap(worker.db.pool(), consumer.name).await?;
        }
        let created = consumer
            .create(&stream, consumer.config(pull::Config::default()))
            .await?;
        worker.complete_copy(owner).await?;
        created
    };
    let mut messages = durable
        .stream()
        .max_messages_per_batch(CHUNK)
        .expires(EXPIRES)
        .heartbeat(HEARTBEAT)
        .messages()
        .await
        .map_err(bus_error)?;
    let mut sweep = interval(SWEEP_PERIOD);
    sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let first = tokio::select! {
            message = messages.next() => message,
            _ = sweep.tick() => {
                if let Err(failure) = worker.sweep().await {
                    warn!(consumer = consumer.name, %failure, "parked events cannot be looked at");
                }
                continue;
            }
            () = worker.stop.cancelled() => break,
        };
        let Some(first) = first else { return Ok(()) };
        let (chunk, interruption) = gather(first.map_err(bus_error)?, &mut messages);
        worker.process(chunk).await?;
        if let Some(error) = interruption {
            return Err(error.into());
        }
    }
    // What was fetched and not begun goes back at once, rather than when the broker has waited in vain.
    while let Some(Some(Ok(message))) = messages.next().now_or_never() {
        message
            .ack_with(async_nats::jetstream::AckKind::Nak(None))
            .await
            .map_err(bus_error)?;
    }
    Ok(())
}

/// The messages that are there already, and the error that came after them if one did.
fn gather(first: Message, messages: &mut pull::Stream) -> (Vec<Message>, Option<BusError>) {
    let mut chunk = vec![first];
    while chunk.len() < CHUNK {
        match messages.next().now_or_never() {
            Some(Some(Ok(message))) => chunk.push(message),
            Some(Some(Err(error))) => return (chunk, Some(bus_error(error))),
            Some(None) | None => break,
        }
    }
    (chunk, None)
}
