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

    fn get(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

#[derive(Clone)]
struct Admin {
    ready: Ready,
    bus: Bus,
    db: Db,
    metrics: Option<PrometheusHandle>,
    /// Whether checkpoints are signed.
    signs: bool,
}

pub(crate) async fn serve(
    listener: TcpListener,
    ready: Ready,
    bus: Bus,
    db: Db,
    metrics: Option<PrometheusHandle>,
    signs: bool,
    stop: CancellationToken,
) {
    let router = Router::new()
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(readyz))
        .route("/metrics", get(render))
        .with_state(Admin {
            ready,
            bus,
            db,
            metrics,
            signs,
        });
    let served = axum::serve(listener, router)
        .with_graceful_shutdown(stop.cancelled_owned())
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "the admin address cannot be served");
    }
}

/// Commands need Postgres alone; without NATS their events wait in the outbox, which is said here.
async fn readyz(State(admin): State<Admin>) -> (StatusCode, String) {
    let ready = admin.ready.get();
    let nats = if admin.bus.is_connected() {
        "connected"
    } else {
        "away, events wait"
    };
    let code = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let checkpoints = if admin.signs {
        "signed"
    } else {
        "not signed, no key is configured"
    };
    let text = format!("ready: {ready}\nnats: {nats}\ncheckpoints: {checkpoints}\n");
    (code, text)
}

/// Gauges are measured when they are asked for. Without Postgres the others must still be told, and at once.
async fn render(State(admin): State<Admin>) -> String {
    if admin.ready.get() {
        gauge(
            &admin.db,
            "cpom_outbox_waiting",
            "select count(*)::float8 from outbox",
        )
        .await;
        gauge(
            &admin.db,
            "cpom_outbox_oldest_seconds",
            "select coalesce(extract(epoch from now() - min(event.recorded_at)), 0)::float8
             from (select event_id from outbox order by seq limit 1) as oldest
             join event on event.id = oldest.event_id",
        )
        .await;
        gauge(
            &admin.db,
            "cpom_events_unsealed",
            "select count(*)::float8 from event
             where seq > coalesce(
                 (select event_seq from merkle_node where level = 0 order by index desc limit 1), 0)",
        )
        .await;
        gauge(
            &admin.db,
            "cpom_events_parked",
            "select count(*)::float8 from parked where resolved_at is null",
        )
        .await;
    }
    admin
        .metrics
        .map(|metrics| metrics.render())
        .unwrap_or_default()
}

async fn gauge(db: &Db, name: &'static str, query: &'static str) {
    if let Ok(value) = sqlx::query_scalar::<_, f64>(query)
        .fetch_one(db.pool())
        .await
    {
        metrics::gauge!(name).set(value);
    }
}
