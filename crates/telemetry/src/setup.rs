//! One call at the start of a process, one guard until its end.

use std::{env, time::Duration};

use anyhow::Context as _;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing_subscriber::{
    Layer as _,
    filter::{LevelFilter, Targets},
    fmt,
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object per line, for machines.
    Json,
    /// For people.
    Human,
}

/// Keeps telemetry alive; [`Guard::shutdown`] sends what is still buffered.
#[derive(Debug)]
pub struct Guard {
    traces: Option<SdkTracerProvider>,
    metrics: PrometheusHandle,
}

/// Longest wait for a collector at shutdown.
const FLUSH_LIMIT: Duration = Duration::from_secs(3);

/// What the exporter's own stack would say about itself is kept out of the traces.
const TRACE_FILTER: &str =
    "info,h2=off,hyper=off,hyper_util=off,tonic=off,tower=off,opentelemetry=off";

/// Starts logs (level by `RUST_LOG`, `info` by default), metrics, and traces when
/// `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector. Call it once, inside a multi-threaded runtime.
///
/// # Errors
/// When telemetry was already started, or the collector's address is ill-formed.
pub fn init(service: &str, format: LogFormat) -> anyhow::Result<Guard> {
    let metrics = PrometheusBuilder::new()
        .set_buckets(&[
            0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
        ])
        .context("histogram buckets")?
        .install_recorder()
        .context("metrics were already started")?;

    // Without a collector the spans still exist, so that trace ids reach logs, events and answers.
    let mut provider = SdkTracerProvider::builder().with_resource(
        Resource::builder()
            .with_service_name(format!("cpom-{service}"))
            .build(),
    );
    if env::var_os("OTEL_EXPORTER_OTLP_ENDPOINT").is_some() {
        let exporter = SpanExporter::builder()
            .with_tonic()
            .build()
            .context("trace collector")?;
        provider = provider.with_batch_exporter(exporter);
    }
    let traces = provider.build();
    let trace_layer = tracing_opentelemetry::layer()
        .with_tracer(traces.tracer("cpom"))
        // Each would cost a clock or a string at every step of a call.
        .with_tracked_inactivity(false)
        .with_context_activation(false)
        .with_location(false)
        .with_threads(false)
        .with_filter(levels(Some(TRACE_FILTER)));

    let level = levels(env::var("RUST_LOG").ok().as_deref());
    let lines = match format {
        LogFormat::Json => fmt::layer()
            .json()
            .flatten_event(true)
            .with_writer(std::io::stderr)
            .boxed(),
        LogFormat::Human => fmt::layer().compact().with_writer(std::io::stderr).boxed(),
    };
    tracing_subscriber::registry()
        .with(trace_layer)
        .with(lines.with_filter(level))
        .try_init()
        .context("logs were already started")?;
    Ok(Guard {
        traces: Some(traces),
        metrics,
    })
}

/// The level of each target, `info` where nothing or nothing sensible is said. Looked up by target alone: a filter that
/// also knew spans and fields would look at every span each time it is entered.
fn levels(directives: Option<&str>) -> Targets {
    directives
        .filter(|text| !text.trim().is_empty())
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO))
}

impl Guard {
    /// The metrics in the text format of Prometheus.
    pub fn metrics(&self) -> PrometheusHandle {
        self.metrics.clone()
    }

    /// Sends what is buffered, at most for a few seconds: an unreachable collector delays nobody.
    pub async fn shutdown(mut self) {
        let Some(traces) = self.traces.take() else {
            return;
        };
        let flushed =
            tokio::task::spawn_blocking(move || traces.shutdown_with_timeout(FLUSH_LIMIT)).await;
        if let Ok(Err(error)) = flushed {
            tracing::debug!(%error, "traces were not all sent");
        }
    }
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn targets_follow_their_directives_and_info_where_none_is_sensible() {
        let some = levels(Some("warn,sqlx=debug"));
        assert!(some.would_enable("sqlx::query", &Level::DEBUG));
        assert!(some.would_enable("contracts", &Level::WARN));
        assert!(!some.would_enable("contracts", &Level::INFO));
        for nothing in [None, Some(""), Some(" "), Some("contracts=loudly")] {
            let info = levels(nothing);
            assert!(info.would_enable("contracts", &Level::INFO), "{nothing:?}");
            assert!(
                !info.would_enable("contracts", &Level::DEBUG),
                "{nothing:?}"
            );
        }
    }
}
