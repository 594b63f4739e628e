//! `/livez`, `/readyz` and `/metrics`, for operators and orchestrators.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{Router, extract::State, http::StatusCode, routing::get};
use bus::Bus;
use metrics_exporter_prometheus::PrometheusHandle;
use store::Db;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Whether the process takes calls, set by the readiness task.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ready(Arc<AtomicBool>);

impl Ready {
    pub(crate) fn set(&self, ready: bool) {
        self.0.store(ready, Ordering::SeqCst);
    }
}

#[derive(Clone)]
struct Admin {
    ready: Ready,
    bus: Bus,
    db: Db,
    metrics: Option<PrometheusHandle>,
}

pub(crate) async fn serve(
    listener: TcpListener,
    ready: Ready,
    bus: Bus,
    db: Db,
    metrics: Option<PrometheusHandle>,
    stop: CancellationToken,
) {
    let router = Router::new()
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(readyz))
        .route("/metrics", get(render))
        .with_state(Admin { ready, bus, db, metrics });
    let served = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await;
    if let Err(error) = served {
        tracing::error!(%error, "the admin address cannot be served");
    }
}

/// Commands need Postgres alone; without NATS their events wait in the outbox, which is said here.
async fn readyz(State(admin): State<Admin>) -> (StatusCode, String) {
    let ready = admin.ready.0.load(Ordering::SeqCst);
    let nats = if admin.bus.is_connected() { "connected" } else { "away, events wait" };
    let code = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, format!("ready: {ready}\nnats: {nats}\n"))
}

async fn render(State(admin): State<Admin>) -> String {
    let waiting = sqlx::query_scalar::<_, i64>("select count(*) from outbox");
    if let Ok(waiting) = waiting.fetch_one(admin.db.pool()).await {
        metrics::gauge!("cpom_outbox_waiting").set(f64::from(u32::try_from(waiting).unwrap_or(u32::MAX)));
    }
    let parked = sqlx::query_scalar::<_, i64>("select count(*) from parked where resolved_at is null");
    if let Ok(parked) = parked.fetch_one(admin.db.pool()).await {
        metrics::gauge!("cpom_events_parked").set(f64::from(u32::try_from(parked).unwrap_or(u32::MAX)));
    }
    admin.metrics.map(|metrics| metrics.render()).unwrap_or_default()
}
