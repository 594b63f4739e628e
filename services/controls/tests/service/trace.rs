//! One trace goes from the command that starts a campaign to everything the worker establishes.

use crate::common::{World, contract, start};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::SdkTracerProvider;
use sqlx::Row as _;
use tracing::{Instrument as _, info_span};
use tracing_subscriber::{layer::SubscriberExt as _, util::SubscriberInitExt as _};

#[tokio::test(flavor = "multi_thread")]
async fn what_the_worker_establishes_belongs_to_the_trace_of_the_command_that_started_it() {
    let provider = SdkTracerProvider::builder().build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
    tracing_subscriber::registry().with(layer).init();
    let world = World::with(&[contract().deviating()]).await;
    let planned = world.frozen().await;
    let span = info_span!("a person starts the campaign");
    let trace = async {
        world
            .campaigns()
            .start_campaign(start(&planned))
            .await
            .unwrap();
        telemetry::current_traceparent().unwrap()
    }
    .instrument(span)
    .await;
    world.until_measured(&planned.name).await;
    let trace_id = trace.split('-').nth(1).unwrap();

    let mut owner = world.database.owner().await;
    let rows = sqlx::query("select type, traceparent from event order by recorded_at, id")
        .fetch_all(&mut owner)
        .await
        .unwrap();
    let in_trace: Vec<String> = rows
        .iter()
        .filter(|row| {
            row.get::<Option<&str>, _>("traceparent")
                .unwrap_or_default()
                .contains(trace_id)
        })
        .map(|row| {
            row.get::<String, _>("type")
                .rsplit('.')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(
        in_trace,
        [
            "CampaignStarted",
            "ControlMeasured",
            "FindingRaised",
            "CampaignMeasured"
        ]
    );
}
