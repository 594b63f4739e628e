//! The main job: every contract controlled, every deviation in front of people.

use std::collections::{BTreeMap, BTreeSet};

use cpom_tests::scenario::{Registry, Scenario, Trace};
use proto::{
    contracts::v1::ReviewState,
    controls::v1::{CampaignState, ComparisonResult, ControlResult},
    types::v1::Severity,
};

use crate::{CONFORMING, Controlled, DEVIATING, SILENT, suite};

#[tokio::test(flavor = "multi_thread")]
async fn every_contract_is_controlled_and_every_deviation_opens_a_review() -> anyhow::Result<()> {
    let suite = suite().await?;
    let scenario = Scenario::new(&suite)?;
    let done = Controlled::run(&scenario, &Trace::begin()).await?;

    let controls = scenario.controls_of(&done.campaign.name).await?;
    let results: BTreeMap<&str, ControlResult> = controls
        .iter()
        .map(|control| (control.contract.as_str(), control.result()))
        .collect();
    assert_eq!(
        controls.len(),
        3,
        "each contract once, the conforming one too"
    );
    assert_eq!(
        results[done.contracts[CONFORMING].as_str()],
        ControlResult::Conforming
    );
    assert_eq!(
        results[done.contracts[DEVIATING].as_str()],
        ControlResult::Deviating
    );
    assert_eq!(
        results[done.contracts[SILENT].as_str()],
        ControlResult::NotAssessable
    );

    let progress = done.campaign.progress.expect("progress");
    assert_eq!(done.campaign.state(), CampaignState::Measured);
    assert_eq!(
        (
            progress.contracts,
            progress.measured,
            progress.conforming,
            progress.deviating
        ),
        (3, 3, 1, 1)
    );
    assert_eq!(progress.findings, i64::try_from(done.findings.len())?);

    // What the machine says carries how it came to it, and never more than « major ».
    for finding in &done.findings {
        let trace = finding.trace.as_ref().expect("a calculation");
        assert!(
            !trace.formula.is_empty() && !trace.conclusion.is_empty(),
            "{finding:?}"
        );
        assert!(
            !trace.contribution.is_empty() && !trace.inputs.is_empty(),
            "{finding:?}"
        );
        assert_ne!(finding.severity(), Severity::Grave, "only a person says so");
    }
    let deviating: Vec<_> = done
        .findings
        .iter()
        .filter(|finding| finding.contract == done.contracts[DEVIATING])
        .collect();
    assert_eq!(
        deviating.len(),
        3,
        "two sites under their stays, one short of a device"
    );
    assert_eq!(
        deviating
            .iter()
            .filter(|finding| finding.penalty_eligible)
            .count(),
        1
    );

    // One review per contract and campaign, with exactly the findings of that contract.
    let reviewed: BTreeSet<&str> = done
        .reviews
        .iter()
        .map(|review| review.contract.as_str())
        .collect();
    assert_eq!(reviewed.len(), done.reviews.len(), "one review a contract");
    assert!(
        !reviewed.contains(done.contracts[CONFORMING].as_str()),
        "nothing to review"
    );
    assert!(reviewed.contains(done.contracts[DEVIATING].as_str()));
    for review in &done.reviews {
        assert_eq!(review.state(), ReviewState::Open, "nobody has looked yet");
        let attached: BTreeSet<&str> = review
            .findings
            .iter()
            .map(|finding| finding.finding.as_str())
            .collect();
        let raised: BTreeSet<&str> = done
            .findings
            .iter()
            .filter(|finding| finding.contract == review.contract)
            .map(|finding| finding.name.as_str())
            .collect();
        assert_eq!(attached, raised);
        assert_eq!(attached.len(), review.findings.len(), "each finding once");
    }
    assert!(
        scenario.procedures().await?.is_empty(),
        "no person has acted: no procedure"
    );
    suite.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_figure_is_a_reminder_and_not_a_shortfall() -> anyhow::Result<()> {
    let suite = suite().await?;
    let scenario = Scenario::new(&suite)?;
    let done = Controlled::run(&scenario, &Trace::begin()).await?;
    let controls = scenario.controls_of(&done.campaign.name).await?;
    let silent = controls
        .iter()
        .find(|c| c.contract == done.contracts[SILENT])
        .expect("controlled");
    for comparison in &silent.comparisons {
        assert_eq!(comparison.result(), ComparisonResult::NoData);
        assert!(comparison.severity() <= Severity::Info, "{comparison:?}");
    }
    suite.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_registry_twice_changes_nothing() -> anyhow::Result<()> {
    let suite = suite().await?;
    let scenario = Scenario::new(&suite)?;
    let registry = Registry::generate(scenario.people.region, 4, 3)?;
    let first = scenario.import(&registry).await?;
    let created = first.establishments.expect("a tally").created;
    assert_eq!((created, first.rejected), (12, 0));
    let second = scenario.import(&registry).await?;
    let tally = second.establishments.expect("a tally");
    assert_eq!(
        (tally.created, tally.changed, tally.unchanged, tally.closed),
        (0, 0, 12, 0)
    );
    suite.stop().await;
    Ok(())
}
