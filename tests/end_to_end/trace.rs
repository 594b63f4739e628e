//! One trace from a submission to the review it leads to.

use std::sync::OnceLock;

use cpom_tests::{
    scenario::{Scenario, Trace},
    suite::Service,
};
use telemetry::{Guard, LogFormat};

use crate::{Controlled, DEVIATING, suite};

/// Spans exist only where somebody listens to them, as in the programs.
fn listen() {
    static GUARD: OnceLock<Guard> = OnceLock::new();
    GUARD.get_or_init(|| telemetry::init("tests", LogFormat::Human).expect("telemetry starts once"));
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
            assert!(trace.owns(traceparent), "{name}: {traceparent:?} is not of {}", trace.id());
        }
    }

    // What was done before, under other requests, is not drawn into it.
    let drafted = events.iter().find(|event| event.name() == "ContractDrafted").expect("a draft");
    assert!(!trace.owns(&drafted.event.traceparent));
    suite.stop().await;
    Ok(())
}
