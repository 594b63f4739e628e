//! What a service is given to start with.

use std::time::Duration;

use anyhow::Context as _;
use bus::{Bus, Consumer, Failure, Handler};
use kernel::Clock;
use proto::history::v1::{StreamEventsRequest, history_service_client::HistoryServiceClient};
use rpc::client::{Credentials, Peer, peer};
use sqlx::migrate::Migrator;
use store::{Db, inbox};
use tracing::{info, warn};

use crate::{Config, Tasks};

/// What a service is.
#[derive(Debug)]
pub struct Definition {
    /// Also the name of its stream, and the middle of its packages and variables.
    pub name: &'static str,
    /// Its own migrations, numbered from 1001.
    pub migrations: &'static Migrator,
    /// Its `authorization.toml`.
    pub authorization: &'static str,
}

/// What a service works with. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Runtime {
    /// Commands of people and of establishment systems (role `cpom_app`).
    pub db: Db,
    /// Acts of the suite itself (role `cpom_machine`).
    pub machine: Db,
    pub bus: Bus,
    pub clock: Clock,
    pub tasks: Tasks,
    pub config: Config,
}

impl Runtime {
    /// An authenticated channel to another service.
    ///
    /// # Errors
    /// When its address or the service token file is not configured.
    pub fn peer(&self, service: &str) -> anyhow::Result<Peer> {
        let url = self
            .config
            .peers
            .url(service)
            .with_context(|| format!("CPOM_{}_URL is not set", service.to_uppercase()))?;
        let file = self
            .config
            .service_token_file
            .clone()
            .context("CPOM_SERVICE_TOKEN_FILE is not set")?;
        peer(url, Credentials::File(file)).with_context(|| format!("address of {service}: {url}"))
    }

    /// Applies the events of another service for as long as the process lives. A copy that was never built
    /// starts from the owner's history.
    pub fn consume(&self, consumer: Consumer, handler: impl Handler) {
        let (bus, db, stop) = (self.bus.clone(), self.machine.clone(), self.tasks.stop());
        let owner = self.peer(consumer.source).ok();
        self.tasks.spawn(consumer.name, async move {
            if let Some(owner) = owner {
                let mut pause = Duration::from_millis(200);
                while let Err(error) = bootstrap(&consumer, &db, &handler, owner.clone()).await {
                    warn!(consumer = consumer.name, %error, "the owner's history cannot be read yet");
                    tokio::select! {
                        () = tokio::time::sleep(pause) => {}
                        () = stop.cancelled() => return,
                    }
                    pause = (pause * 2).min(Duration::from_secs(5));
                }
            }
            let now = db.clock().now();
            while let Err(error) = inbox::set_bootstrapped(db.pool(), consumer.name, now).await {
                warn!(consumer = consumer.name, %error, "the state of the copy cannot be recorded yet");
                tokio::select! {
                    () = tokio::time::sleep(Duration::from_secs(1)) => {}
                    () = stop.cancelled() => return,
                }
            }
            consumer.run(bus, db, handler, stop).await;
        });
    }
}

/// Reads the owner's whole history of one kind of aggregate, unless that was done before.
async fn bootstrap(
    consumer: &Consumer,
    db: &Db,
    handler: &impl Handler,
    owner: Peer,
) -> Result<(), Failure> {
    if inbox::is_bootstrapped(db.pool(), consumer.name).await? {
        return Ok(());
    }
    let away = |status: tonic::Status| Failure::Retry(status.to_string());
    let request = StreamEventsRequest { aggregate_kind: consumer.kind.to_owned() };
    let mut history = HistoryServiceClient::new(owner)
        .stream_events(request)
        .await
        .map_err(away)?
        .into_inner();
    let mut events = 0u64;
    while let Some(event) = history.message().await.map_err(away)? {
        consumer.apply_history(db, handler, &event.canonical).await?;
        events += 1;
    }
    info!(consumer = consumer.name, events, "copy built from the owner's history");
    Ok(())
}
