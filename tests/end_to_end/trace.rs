//! One trace from a submission to the review it leads to.

use std::sync::Once;

use cpom_tests::{
    scenario::{Scenario, Trace},
    suite::Service,
};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::{layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::{Controlled, DEVIATING, suite};

/// Spans exist only where somebody listens to them, as every program does; here without their log lines.
fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let tracer = SdkTracerProvider::builder().build().tracer("tests");
        tracing_subscriber::registry()
            .with(tracing_opentelemetry::layer().with_tracer(tracer))
            .init();
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_leads_from_the_submission_to_the_review() -> anyhow::Result<()> {
    listen();
    let suite = suite().await?;
    let scenario = Scenario::new(&suite)?;
    let trace = Trace::begin();
    let done = Controlled::run(&scenario, &trace).await?;

    // The submission has its own root; everything after it stands in the life of the contract.
    let mut events = scenario.events(Service::Targets, "").await?;
    events.extend(scenario.life_of(&done.contracts[DEVIATING]).await?);
    events.extend(scenario.events(Service::Controls, "").await?);
    for name in [
        "IndicatorsReceived",
        "CampaignStarted",
        "ControlMeasured",
        "FindingRaised",
        "ReviewOpened",
        "FindingAttached",
    ] {
        let of_that_type: Vec<_> = events.iter().filter(|event| event.name() == name).collect();
        assert!(!of_that_type.is_empty(), "no {name} in the histories");
        for recorded in of_that_type {
            let traceparent = &recorded.event.traceparent;
            assert!(
                trace.owns(traceparent),
                "{name}: {traceparent:?} is not of {}",
                trace.id()
            );
        }
    }

    // What was done before, under other requests, is not drawn into it.
    let drafted = events
        .iter()
        .find(|event| event.name() == "ContractDrafted")
        .expect("a draft");
    assert!(!trace.owns(&drafted.event.traceparent));
    suite.stop().await;
    Ok(())
}
