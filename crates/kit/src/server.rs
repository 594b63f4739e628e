//! Starting and stopping a service.

use std::{future::Future, net::SocketAddr, time::Duration};

use anyhow::{Context as _, bail};
use bus::Bus;
use kernel::Clock;
use metrics_exporter_prometheus::PrometheusHandle;
use proto::history::v1::{
    audit_service_server::AuditServiceServer, history_service_server::HistoryServiceServer,
    proof_service_server::ProofServiceServer,
    saved_export_service_server::SavedExportServiceServer,
};
use rpc::{Identity, Limits, Rules, StackLayer};
use store::{Db, Role, schema_is_current};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::{
    service::Routes,
    transport::{Server, server::TcpIncoming},
};
use tonic_health::{ServingStatus, server::HealthReporter};
use tracing::{info, warn};

use crate::{
    Config, Definition, MESSAGE_LIMIT, Runtime, Tasks, admin,
    audits::Audits,
    history::History,
    proof::Proofs,
    saved_exports::{self, SavedExports},
    sealing,
};

/// A service that runs.
#[derive(Debug)]
pub struct Running {
    /// Where it answers gRPC.
    pub address: SocketAddr,
    /// Where it answers `/livez`, `/readyz`, `/metrics`.
    pub admin_address: SocketAddr,
    pub runtime: Runtime,
    /// Cancelled when the process no longer wants calls, and before it refuses them.
    leaving: CancellationToken,
}

/// Work that was begun is given this long to end.
const DRAIN_LIMIT: Duration = Duration::from_secs(25);
/// Connections are given this long to come back to their pool.
const CLOSE_LIMIT: Duration = Duration::from_secs(5);
const READINESS_PERIOD: Duration = Duration::from_secs(1);
const STREAM_PERIOD: Duration = Duration::from_secs(5);
const HOUSEKEEPING_PERIOD: Duration = Duration::from_hours(1);
/// How long a repeated request gets its first answer again.
const REQUEST_MEMORY: time::Duration = time::Duration::days(30);

/// Starts a service: pools, broker, keys, routes, relay, readiness. Returns once it answers.
///
/// # Errors
/// When Postgres does not answer, its schema is not the one this binary was built with, an address is taken,
/// or the configuration lacks something.
pub async fn serve<Start, Starting>(
    definition: &'static Definition,
    config: Config,
    clock: Clock,
    metrics: Option<PrometheusHandle>,
    start: Start,
) -> anyhow::Result<Running>
where
    Start: FnOnce(Runtime) -> Starting,
    Starting: Future<Output = anyhow::Result<Routes>>,
{
    let connections = config.database_connections;
    let db = Db::connect(&config.database_url, Role::App, connections, clock.clone())
        .await
        .context("Postgres does not accept this service")?;
    let machine = Db::connect(
        &config.database_url,
        Role::Machine,
        connections,
        clock.clone(),
    )
    .await
    .context("Postgres does not accept this service as cpom_machine")?
    .sharing_bell_of(&db);
    if !schema_is_current(db.pool(), definition.migrations).await? {
        bail!(
            "the database is not migrated to this version: run `{} migrate`",
            definition.name
        );
    }
    let bus = Bus::connect(&config.nats_url, definition.name, true)
        .await?
        .with_replicas(config.nats_replicas);
    let identity = Identity::new(&config.issuer, &config.jwks_url, clock.clone())?;
    if let Err(error) = identity.refresh().await {
        warn!(%error, "calls are refused until the issuer answers");
    }
    let rules = Rules::parse(definition.authorization)?;
    let keys = sealing::keys(config.checkpoint_key_file.as_deref(), definition.name)?;

    let tasks = Tasks::default();
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("CPOM_LISTEN={}", config.listen))?;
    let admin_listener = TcpListener::bind(config.admin_listen)
        .await
        .with_context(|| format!("CPOM_ADMIN_LISTEN={}", config.admin_listen))?;
    let (address, admin_address) = (listener.local_addr()?, admin_listener.local_addr()?);
    let runtime = Runtime {
        db,
        machine,
        bus,
        clock,
        tasks,
        config,
    };

    let own_routes = start(runtime.clone()).await?;
    let (health, health_service) = tonic_health::server::health_reporter();
    let health = Health::new(health, &rules);
    health.tell(false).await;
    let history = HistoryServiceServer::new(History(runtime.db.clone()))
        .max_decoding_message_size(MESSAGE_LIMIT);
    let proofs = ProofServiceServer::new(Proofs::new(runtime.db.clone(), &keys))
        .max_decoding_message_size(MESSAGE_LIMIT);
    let audits = AuditServiceServer::new(Audits(runtime.db.clone()))
        .max_decoding_message_size(MESSAGE_LIMIT);
    let saved = SavedExportServiceServer::new(SavedExports(runtime.db.clone()))
        .max_decoding_message_size(MESSAGE_LIMIT);
    let routes = own_routes
        .add_service(history)
        .add_service(proofs)
        .add_service(audits)
        .add_service(saved)
        .add_service(health_service)
        .add_service(reflection().build_v1()?)
        .add_service(reflection().build_v1alpha()?);

    let tasks = &runtime.tasks;
    tasks.spawn(
        "stream",
        keep_stream(runtime.bus.clone(), definition.name, tasks.stop()),
    );
    tasks.spawn(
        "relay",
        bus::relay(runtime.machine.clone(), runtime.bus.clone(), tasks.stop()),
    );
    let signs = !keys.is_empty();
    tasks.spawn(
        "sealing",
        sealing::run(
            runtime.machine.clone(),
            keys,
            runtime.config.seal_every,
            tasks.stop(),
        ),
    );
    tasks.spawn(
        "exports",
        saved_exports::run(runtime.machine.clone(), tasks.stop()),
    );
    tasks.spawn("keys", identity.clone().keep_fresh(tasks.stop()));
    tasks.spawn(
        "housekeeping",
        housekeeping(runtime.machine.clone(), tasks.stop()),
    );
    let ready = admin::Ready::default();
    let leaving = CancellationToken::new();
    tasks.spawn(
        "readiness",
        readiness(
            runtime.db.clone(),
            health,
            ready.clone(),
            leaving.clone(),
            tasks.stop(),
        ),
    );
    tasks.spawn(
        "admin",
        admin::serve(
            admin_listener,
            ready,
            runtime.bus.clone(),
            runtime.db.clone(),
            metrics,
            signs,
            tasks.stop(),
        ),
    );
    let stop = tasks.stop();
    let layer = StackLayer::new(
        rules,
        identity,
        runtime.clock.clone(),
        Limits::default(),
        tasks.stop(),
    )
    .recording(runtime.db.clone());
    // Set on the listener: the builder's own setting does not reach connections that are handed to it, and an
    // answer would wait 40 ms for the client's delayed acknowledgement.
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    tasks.spawn("grpc", async move {
        let served = Server::builder()
            .http2_keepalive_interval(Some(Duration::from_secs(30)))
            .http2_keepalive_timeout(Some(Duration::from_secs(10)))
            // Clients reconnect now and then, so that they spread over new replicas.
            .max_connection_age(Duration::from_hours(1))
            .max_concurrent_streams(Some(256))
            // Bulk submissions should not wait for window updates.
            .initial_stream_window_size(Some(4 * 1024 * 1024))
            .initial_connection_window_size(Some(8 * 1024 * 1024))
            .max_frame_size(Some(256 * 1024))
            .layer(layer)
            .add_routes(routes)
            .serve_with_incoming_shutdown(incoming, stop.cancelled_owned())
            .await;
        if let Err(error) = served {
            tracing::error!(%error, "gRPC cannot be served");
        }
    });
    info!(service = definition.name, %address, %admin_address, "listening");
    Ok(Running {
        address,
        admin_address,
        runtime,
        leaving,
    })
}

impl Running {
    /// Stops in two phases: first nothing new is asked for, then what was begun is given time to end.
    pub async fn stop(&self) {
        self.leaving.cancel();
        tokio::time::sleep(self.runtime.config.drain).await;
        self.runtime.tasks.finish(DRAIN_LIMIT).await;
        let closed = async {
            self.runtime.db.close().await;
            self.runtime.machine.close().await;
        };
        if tokio::time::timeout(CLOSE_LIMIT, closed).await.is_err() {
            warn!("some work had not ended; Postgres rolls it back");
        }
    }
}

fn reflection() -> tonic_reflection::server::Builder<'static> {
    tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(proto::FILE_DESCRIPTOR_SET)
        // The details of errors, so that a client that knows nothing else can read which field and which reason.
        .register_encoded_file_descriptor_set(tonic_types::pb::FILE_DESCRIPTOR_SET)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
}

/// Keeps the service's stream in being, also when the broker comes back without what it had; the outbox
/// waits meanwhile.
async fn keep_stream(bus: Bus, service: &'static str, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = bus.ensure_stream(service).await {
            warn!(%error, "the stream cannot be created or looked at");
        }
        tokio::select! {
            () = tokio::time::sleep(STREAM_PERIOD) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Forgets the answers that nobody will ask for again.
async fn housekeeping(db: Db, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = db.forget_requests(REQUEST_MEMORY).await {
            warn!(%error, "old requests cannot be forgotten yet");
        }
        tokio::select! {
            () = tokio::time::sleep(HOUSEKEEPING_PERIOD) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// What the health service says, of the process and of each of its services.
struct Health {
    reporter: HealthReporter,
    services: Vec<String>,
}

impl Health {
    fn new(reporter: HealthReporter, rules: &Rules) -> Self {
        let services = rules.services().into_iter().map(ToOwned::to_owned);
        Self {
            reporter,
            services: std::iter::once(String::new()).chain(services).collect(),
        }
    }

    async fn tell(&self, ready: bool) {
        let status = if ready {
            ServingStatus::Serving
        } else {
            ServingStatus::NotServing
        };
        for service in &self.services {
            self.reporter.set_service_status(service, status).await;
        }
    }
}

/// Ready while Postgres answers, until the process leaves.
async fn readiness(
    db: Db,
    health: Health,
    ready: admin::Ready,
    leaving: CancellationToken,
    stop: CancellationToken,
) {
    loop {
        let up = tokio::select! {
            pong = db.ping() => pong.is_ok() && !leaving.is_cancelled(),
            () = leaving.cancelled() => false,
            () = stop.cancelled() => false,
        };
        ready.set(up);
        health.tell(up).await;
        tokio::select! {
            () = tokio::time::sleep(READINESS_PERIOD) => {}
            () = leaving.cancelled(), if up => {}
            () = stop.cancelled() => return,
        }
    }
}
