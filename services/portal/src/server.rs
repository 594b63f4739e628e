//! Starting and stopping the portal.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context as _, bail};
use axum::{Router, extract::State, http::StatusCode, routing::get};
use kernel::Clock;
use kit::Tasks;
use metrics_exporter_prometheus::PrometheusHandle;
use store::{Db, Role, schema_is_current};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::{
    Config, DEFINITION,
    assets::Assets,
    identity::Oidc,
    portal::{Inner, Portal},
    routes,
    services::Channels,
    store::forget_what_ended,
};

/// A portal that runs.
#[derive(Debug)]
pub struct Running {
    /// Where it answers browsers.
    pub address: SocketAddr,
    /// Where it answers `/livez`, `/readyz`, `/metrics`.
    pub admin_address: SocketAddr,
    pub tasks: Tasks,
    db: Db,
}

/// Pages that were begun are given this long to end.
const DRAIN_LIMIT: Duration = Duration::from_secs(25);
const HOUSEKEEPING_PERIOD: Duration = Duration::from_mins(10);

/// Starts the portal. Returns once it answers. The identity provider and the services may still be away: pages say so.
///
/// # Errors
/// When Postgres does not answer, its schema is not the one this binary was built with, an address is taken, or the
/// configuration lacks something.
pub async fn serve(
    config: Config,
    clock: Clock,
    metrics: Option<PrometheusHandle>,
) -> anyhow::Result<Running> {
    let db = Db::connect(
        &config.database_url,
        Role::App,
        config.database_connections,
        clock.clone(),
    )
    .await
    .context("Postgres does not accept the portal")?;
    if !schema_is_current(db.pool(), DEFINITION.migrations).await? {
        bail!("the database is not migrated to this version: run `portal migrate`");
    }
    let oidc = Oidc::new(config.provider.clone(), &config.public_url, clock.clone())?;
    let channels = Channels::new(&config.peers)?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("CPOM_LISTEN={}", config.listen))?;
    let admin_listener = TcpListener::bind(config.admin_listen)
        .await
        .with_context(|| format!("CPOM_ADMIN_LISTEN={}", config.admin_listen))?;
    let (address, admin_address) = (listener.local_addr()?, admin_listener.local_addr()?);
    let public_url = config.public_url.clone();
    let portal = Portal::new(Inner {
        assets: Assets::new(config.theme.as_deref()),
        db: db.clone(),
        clock: clock.clone(),
        config,
        oidc,
        channels,
        metrics,
    });

    let tasks = Tasks::default();
    tasks.spawn(
        "pages",
        answer(listener, routes::router(portal.clone()), tasks.stop()),
    );
    tasks.spawn("admin", answer(admin_listener, admin(portal), tasks.stop()));
    tasks.spawn(
        "housekeeping",
        housekeeping(db.clone(), clock, tasks.stop()),
    );
    info!(%address, %admin_address, public_url, "listening");
    Ok(Running {
        address,
        admin_address,
        tasks,
        db,
    })
}

impl Running {
    /// Lets the pages that were begun end, then closes.
    pub async fn stop(&self) {
        self.tasks.finish(DRAIN_LIMIT).await;
        self.db.close().await;
    }
}

async fn answer(listener: TcpListener, router: Router, stop: CancellationToken) {
    let served = axum::serve(listener, router)
        .with_graceful_shutdown(stop.cancelled_owned())
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "the address cannot be served");
    }
}

fn admin(portal: Portal) -> Router {
    Router::new()
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(portal)
}

/// Ready while Postgres answers: without it nobody is signed in.
async fn ready(State(portal): State<Portal>) -> (StatusCode, &'static str) {
    match portal.db.ping().await {
        Ok(()) => (StatusCode::OK, "ready: true\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "ready: false\n"),
    }
}

async fn metrics(State(portal): State<Portal>) -> String {
    let handle = portal.metrics.as_ref();
    handle.map(PrometheusHandle::render).unwrap_or_default()
}

/// Forgets sessions that ended, sign-ins that were given up, forms that nobody came back for.
async fn housekeeping(db: Db, clock: Clock, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = forget_what_ended(&db, clock.now()).await {
            warn!(%error, "old sessions cannot be forgotten yet");
        }
        tokio::select! {
            () = tokio::time::sleep(HOUSEKEEPING_PERIOD) => {}
            () = stop.cancelled() => {}
        }
    }
}
