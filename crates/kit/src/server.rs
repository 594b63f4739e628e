//! Starting and stopping a service.

use std::{future::Future, net::SocketAddr, time::Duration};

use anyhow::{Context as _, bail};
use bus::Bus;
use kernel::Clock;
use metrics_exporter_prometheus::PrometheusHandle;
use proto::history::v1::history_service_server::HistoryServiceServer;
use rpc::{Identity, Limits, Rules, StackLayer};
use store::{Db, Role, schema_is_current};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{service::Routes, transport::Server};
use tonic_health::{ServingStatus, server::HealthReporter};
use tracing::{info, warn};

use crate::{Config, Definition, Runtime, Tasks, admin, history::History};

/// A service that runs.
#[derive(Debug)]
pub struct Running {
    /// Where it answers gRPC.
    pub address: SocketAddr,
    /// Where it answers `/livez`, `/readyz`, `/metrics`.
    pub admin_address: SocketAddr,
    pub runtime: Runtime,
    health: HealthReporter,
    ready: admin::Ready,
}

/// Work that was begun is given this long to end.
const DRAIN_LIMIT: Duration = Duration::from_secs(25);
const READINESS_PERIOD: Duration = Duration::from_secs(1);

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
    let machine = Db::connect(&config.database_url, Role::Machine, connections, clock.clone())
        .await
        .context("Postgres does not accept this service as cpom_machine")?
        .sharing_bell_of(&db);
    if !schema_is_current(db.pool(), definition.migrations).await? {
        bail!("the database is not migrated to this version: run `{} migrate`", definition.name);
    }
    let bus = Bus::connect(&config.nats_url, definition.name, true).await?;
    let identity = Identity::new(&config.issuer, &config.jwks_url, clock.clone())?;
    if let Err(error) = identity.refresh().await {
        warn!(%error, "calls are refused until the issuer answers");
    }
    let rules = Rules::parse(definition.authorization)?;

    let tasks = Tasks::default();
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("CPOM_LISTEN={}", config.listen))?;
    let admin_listener = TcpListener::bind(config.admin_listen)
        .await
        .with_context(|| format!("CPOM_ADMIN_LISTEN={}", config.admin_listen))?;
    let (address, admin_address) = (listener.local_addr()?, admin_listener.local_addr()?);
    let runtime = Runtime { db, machine, bus, clock, tasks, config };

    let own_routes = start(runtime.clone()).await?;
    let (health, health_service) = tonic_health::server::health_reporter();
    health.set_service_status("", ServingStatus::NotServing).await;
    let routes = own_routes
        .add_service(HistoryServiceServer::new(History(runtime.db.clone())))
        .add_service(health_service)
        .add_service(reflection().build_v1()?)
        .add_service(reflection().build_v1alpha()?);

    let tasks = &runtime.tasks;
    tasks.spawn("stream", keep_stream(runtime.bus.clone(), definition.name, tasks.stop()));
    tasks.spawn(
        "relay",
        bus::relay(runtime.machine.clone(), runtime.bus.clone(), tasks.stop()),
    );
    let ready = admin::Ready::default();
    tasks.spawn("readiness", readiness(runtime.db.clone(), health.clone(), ready.clone(), tasks.stop()));
    tasks.spawn(
        "admin",
        admin::serve(
            admin_listener,
            ready.clone(),
            runtime.bus.clone(),
            runtime.db.clone(),
            metrics,
            tasks.stop(),
        ),
    );
    let stop = tasks.stop();
    let layer = StackLayer::new(rules, identity, runtime.clock.clone(), Limits::default());
    tasks.spawn("grpc", async move {
        let served = Server::builder()
            .http2_keepalive_interval(Some(Duration::from_secs(30)))
            .http2_keepalive_timeout(Some(Duration::from_secs(10)))
            // Clients reconnect now and then, so that they spread over new replicas.
            .max_connection_age(Duration::from_secs(3_600))
            .max_concurrent_streams(Some(256))
            // Bulk submissions should not wait for window updates.
            .initial_stream_window_size(Some(4 * 1024 * 1024))
            .initial_connection_window_size(Some(8 * 1024 * 1024))
            .tcp_nodelay(true)
            .layer(layer)
            .add_routes(routes)
            .serve_with_incoming_shutdown(TcpListenerStream::new(listener), stop.cancelled_owned())
            .await;
        if let Err(error) = served {
            tracing::error!(%error, "gRPC cannot be served");
        }
    });
    info!(service = definition.name, %address, %admin_address, "listening");
    Ok(Running { address, admin_address, runtime, health, ready })
}

impl Running {
    /// Stops in two phases: first nothing new is taken, then what was begun is given time to end.
    pub async fn stop(&self) {
        self.ready.set(false);
        self.health.set_service_status("", ServingStatus::NotServing).await;
        tokio::time::sleep(self.runtime.config.drain).await;
        self.runtime.tasks.finish(DRAIN_LIMIT).await;
        self.runtime.db.close().await;
        self.runtime.machine.close().await;
    }
}

fn reflection() -> tonic_reflection::server::Builder<'static> {
    tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(proto::FILE_DESCRIPTOR_SET)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
}

/// Creates the service's stream as soon as NATS is there; the outbox waits meanwhile.
async fn keep_stream(bus: Bus, service: &'static str, stop: tokio_util::sync::CancellationToken) {
    while let Err(error) = bus.ensure_stream(service).await {
        warn!(%error, "the stream cannot be created yet");
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            () = stop.cancelled() => return,
        }
    }
    stop.cancelled().await;
}

async fn readiness(
    db: Db,
    health: HealthReporter,
    ready: admin::Ready,
    stop: tokio_util::sync::CancellationToken,
) {
    while !stop.is_cancelled() {
        let up = db.ping().await.is_ok();
        ready.set(up);
        let status = if up { ServingStatus::Serving } else { ServingStatus::NotServing };
        health.set_service_status("", status).await;
        tokio::select! {
            () = tokio::time::sleep(READINESS_PERIOD) => {}
            () = stop.cancelled() => {}
        }
    }
}
