//! One trace from the command to what it leads to in another service.

use bus::{Consumer, Envelope, Failure, Handler};
use kernel::Region;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use proto::targets::v1::IndicatorsReceived;
use store::{Fact, Unit};
use testkit::eventually;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument as _, info_span};
use tracing_subscriber::layer::SubscriberExt as _;

use crate::support::World;

const CAUSES: Consumer = Consumer {
    name: "test-trace",
    source: "targets",
    kind: "batch",
};

/// Appends an event of its own for each it applies.
struct Follows;

impl Handler for Follows {
    async fn handle(&self, unit: &mut Unit, event: &Envelope) -> Result<(), Failure> {
        let region: Region = event
            .region
            .parse()
            .map_err(|_| Failure::Reject("region".into()))?;
        let data = IndicatorsReceived::default();
        unit.append(vec![Fact::new(
            "effect",
            "effects/1",
            1,
            "contracts/1",
            region,
            &data,
        )?])
        .await?;
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trace_of_a_command_reaches_the_event_that_a_consumer_appends() {
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder()
        .with_simple_exporter(exporter.clone())
        .build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer)).unwrap();

    let world = World::new().await;
    let stop = CancellationToken::new();
    let _guard = stop.clone().drop_guard();
    tokio::spawn(CAUSES.run(world.bus.clone(), world.db.clone(), Follows, stop));
    let _relay = world.relay();
    let command = info_span!("command");
    let trace_id = async {
        world.append("batches/1", &[1]).await;
        telemetry::current_trace_id().unwrap()
    }
    .instrument(command)
    .await;

    let effect: String = eventually("the effect", || async {
        sqlx::query_scalar("select traceparent from event where aggregate = 'effects/1'")
            .fetch_optional(world.db.pool())
            .await
            .unwrap()
    })
    .await;
    assert!(effect.contains(&trace_id), "{effect} is not in {trace_id}");
    eventually("the consumer's span", || async {
        let spans = exporter.get_finished_spans().unwrap();
        spans
            .iter()
            .any(|span| {
                span.name == "process event"
                    && span.span_context.trace_id().to_string() == trace_id
                    && effect.contains(&span.span_context.span_id().to_string())
            })
            .then_some(())
    })
    .await;
    let stream = world
        .bus
        .context()
        .get_stream(bus::stream_name("targets"))
        .await
        .unwrap();
    let header = stream.get_raw_message(1).await.unwrap().headers;
    let header = header
        .get(telemetry::context::TRACEPARENT)
        .unwrap()
        .as_str()
        .to_owned();
    assert!(header.contains(&trace_id));
}
