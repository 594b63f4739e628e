//! What a service is given to start with.

use anyhow::Context as _;
use bus::{Bus, Consumer, Failure, Handler, History, Owner};
use futures::{StreamExt as _, TryStreamExt as _};
use kernel::Clock;
use proto::history::v1::{StreamEventsRequest, history_service_client::HistoryServiceClient};
use rpc::client::{Credentials, Peer, peer};
use sqlx::migrate::Migrator;
use store::Db;
use tonic::Status;

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

    /// Applies the events of another service for as long as the process lives. A copy that was never built, or
    /// whose place in the stream was lost, starts from the owner's history.
    pub fn consume(&self, consumer: Consumer, handler: impl Handler) {
        let owner = self.peer(consumer.source).ok().map(OwnerHistory);
        let (bus, db, stop) = (self.bus.clone(), self.machine.clone(), self.tasks.stop());
        self.tasks.spawn(
            consumer.name,
            consumer.run_from(owner, bus, db, handler, stop),
        );
    }
}

/// The history of another service, read over its `HistoryService`.
struct OwnerHistory(Peer);

impl Owner for OwnerHistory {
    async fn history(&self, kind: &str) -> Result<History, Failure> {
        let request = StreamEventsRequest {
            aggregate_kind: kind.to_owned(),
        };
        let away = |status: Status| Failure::Away(format!("the owner's history: {status}"));
        let events = HistoryServiceClient::new(self.0.clone())
            .stream_events(request)
            .await
            .map_err(away)?;
        Ok(events
            .into_inner()
            .map_ok(|event| {
                let persons = event.persons.iter();
                let named =
                    persons.map(|person| (person.commitment.as_str(), person.subject.as_str()));
                bus::naming(event.canonical, named)
            })
            .map_err(away)
            .boxed())
    }
}
