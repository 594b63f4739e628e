//! The connection, and the streams as code.

use std::{fmt, time::Duration};

use async_nats::{
    ConnectOptions, ServerAddr,
    connection::State,
    jetstream::{
        self,
        context::{ContextBuilder, GetStreamErrorKind},
        stream::{Config, DiscardPolicy, RetentionPolicy, StorageType, Stream},
    },
};

/// A failure of the broker or of the way to it.
#[derive(Debug, thiserror::Error)]
#[error("NATS: {0}")]
pub struct BusError(pub(crate) String);

/// Keeps the concrete errors of the client, one type per call, out of everybody's signatures.
pub(crate) fn bus_error(error: impl fmt::Display) -> BusError {
    BusError(error.to_string())
}

/// A connection to NATS that reconnects by itself for ever.
#[derive(Debug, Clone)]
pub struct Bus {
    client: async_nats::Client,
    context: jetstream::Context,
    replicas: usize,
}

/// How long a duplicate publication is recognised by the broker. The inbox covers the rest.
const DUPLICATE_WINDOW: Duration = Duration::from_mins(10);
/// The stream is transport; the history in Postgres is kept for ever.
const MAX_AGE: Duration = Duration::from_hours(90 * 24);
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
    ///
    /// # Errors
    /// When the address is ill-formed, or without `wait` the server does not answer.
    pub async fn connect(url: &str, name: &str, wait: bool) -> Result<Self, BusError> {
        let servers = url.split(',').map(|server| server.trim().parse());
        let servers = servers
            .collect::<Result<Vec<ServerAddr>, _>>()
            .map_err(bus_error)?;
        let mut options = ConnectOptions::new().name(name).max_reconnects(None);
        // The client does not take the login out of the address by itself.
        let login =
            |server: &ServerAddr| Some((server.username()?.into(), server.password()?.into()));
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
        Ok(Self {
            client,
            context,
            replicas: 1,
        })
    }

    /// Copies that the cluster keeps of a stream created from here; one otherwise.
    #[must_use]
    pub fn with_replicas(mut self, replicas: usize) -> Self {
        self.replicas = replicas;
        self
    }

    /// Whether the connection is up at this moment.
    pub fn is_connected(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    /// Creates the stream of a service if it is missing, and corrects what the code decides if it differs.
    /// What an operator decides (copies, placement, size) stays as it is.
    ///
    /// # Errors
    /// When the broker is away or refuses.
    pub async fn ensure_stream(&self, service: &str) -> Result<(), BusError> {
        let Some(stream) = self.find_stream(service).await? else {
            let name = stream_name(service);
            let empty = Config {
                name,
                num_replicas: self.replicas,
                ..Default::default()
            };
            // Another process may be creating it too: with the same content that is no error.
            let config = stream_config(service, empty);
            self.context
                .create_stream(config)
                .await
                .map_err(bus_error)?;
            return Ok(());
        };
        let present = &stream.cached_info().config;
        let wanted = stream_config(service, present.clone());
        if wanted != *present {
            self.context
                .update_stream(wanted)
                .await
                .map_err(bus_error)?;
        }
        Ok(())
    }

    /// The stream of a service, if it is there.
    pub(crate) async fn find_stream(&self, service: &str) -> Result<Option<Stream>, BusError> {
        match self.context.get_stream(stream_name(service)).await {
            Ok(stream) => Ok(Some(stream)),
            Err(error) => match error.kind() {
                GetStreamErrorKind::JetStream(answer) if answer.code() == 404 => Ok(None),
                _ => Err(bus_error(error)),
            },
        }
    }

    pub fn context(&self) -> &jetstream::Context {
        &self.context
    }

    pub fn client(&self) -> &async_nats::Client {
        &self.client
    }
}

/// What the code decides of a stream, over what is there.
fn stream_config(service: &str, present: Config) -> Config {
    Config {
        subjects: vec![format!("cpom.{service}.v1.>")],
        retention: RetentionPolicy::Limits,
        storage: StorageType::File,
        // A full stream must fail loudly rather than forget.
        discard: DiscardPolicy::New,
        duplicate_window: DUPLICATE_WINDOW,
        max_age: MAX_AGE,
        deny_delete: true,
        deny_purge: true,
        ..present
    }
}
