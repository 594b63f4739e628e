//! The connection, and the streams as code.

use std::time::Duration;

use async_nats::{
    ConnectOptions, ServerAddr,
    connection::State,
    jetstream::{self, context::ContextBuilder, stream},
};

/// A failure of the broker or of the way to it.
#[derive(Debug, thiserror::Error)]
#[error("NATS: {0}")]
pub struct BusError(pub(crate) String);

/// Keeps the concrete errors of the client, one type per call, out of everybody's signatures.
pub(crate) fn bus_error(error: impl std::fmt::Display) -> BusError {
    BusError(error.to_string())
}

/// A connection to NATS that reconnects by itself for ever.
#[derive(Debug, Clone)]
pub struct Bus {
    client: async_nats::Client,
    context: jetstream::Context,
}

/// How long a duplicate publication is recognised by the broker. The inbox covers the rest.
const DUPLICATE_WINDOW: Duration = Duration::from_secs(600);
/// The stream is transport; the history in Postgres is kept for ever.
const MAX_AGE: Duration = Duration::from_secs(90 * 86_400);
const ACK_TIMEOUT: Duration = Duration::from_secs(5);
/// More publications in flight than this wait; it must exceed the relay's batch.
const MAX_ACK_INFLIGHT: usize = 1024;

/// The stream in which a service publishes.
pub fn stream_name(service: &str) -> String {
    format!("CPOM_{}", service.to_uppercase())
}

impl Bus {
    /// Connects to one of the servers of `url` (`nats://login:password@host:port`, several separated by
    /// commas). With `wait`, a server that is away is waited for in the background.
    pub async fn connect(url: &str, name: &str, wait: bool) -> Result<Self, BusError> {
        let servers = url.split(',').map(|server| server.trim().parse());
        let servers = servers.collect::<Result<Vec<ServerAddr>, _>>().map_err(bus_error)?;
        let mut options = ConnectOptions::new().name(name).max_reconnects(None);
        // The client does not take the login out of the address by itself.
        let login = |server: &ServerAddr| Some((server.username()?.into(), server.password()?.into()));
        if let Some((user, password)) = servers.iter().find_map(login) {
            options = options.user_and_password(user, password);
        }
        if wait {
            options = options.retry_on_initial_connect();
        }
        let client = options.connect(servers).await.map_err(bus_error)?;
        let context = ContextBuilder::new()
            .timeout(ACK_TIMEOUT)
            .ack_timeout(ACK_TIMEOUT)
            .max_ack_inflight(MAX_ACK_INFLIGHT)
            .build(client.clone());
        Ok(Self { client, context })
    }

    /// Whether the connection is up at this moment.
    pub fn is_connected(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    /// Creates or updates the stream of a service. `prefix` is `cpom` outside tests.
    pub async fn ensure_stream(&self, service: &str) -> Result<(), BusError> {
        let config = stream::Config {
            name: stream_name(service),
            subjects: vec![format!("cpom.{service}.v1.>")],
            retention: stream::RetentionPolicy::Limits,
            storage: stream::StorageType::File,
            // A full stream must fail loudly rather than forget.
            discard: stream::DiscardPolicy::New,
            duplicate_window: DUPLICATE_WINDOW,
            max_age: MAX_AGE,
            deny_delete: true,
            deny_purge: true,
            ..Default::default()
        };
        self.context.create_or_update_stream(config).await.map_err(bus_error)?;
        Ok(())
    }

    pub fn context(&self) -> &jetstream::Context {
        &self.context
    }

    pub fn client(&self) -> &async_nats::Client {
        &self.client
    }
}
