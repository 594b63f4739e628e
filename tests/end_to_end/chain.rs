//! The history of a control, from its measure to what people concluded, across the services.

use cpom_tests::scenario::{Scenario, Trace};
use proto::{
    contracts::v1::Outcome,
    controls::v1::{CheckPopulationRequest, ControlStage, GetControlOutcomeRequest},
};

use crate::{Controlled, DEVIATING, suite};

#[tokio::test(flavor = "multi_thread")]
async fn the_history_of_a_control_reads_from_its_measure_to_the_conclusion() -> anyhow::Result<()> {
    let suite = suite().await?;
    let scenario = Scenario::new(&suite)?;
    let done = Controlled::run(&scenario, &Trace::begin()).await?;
    let check = CheckPopulationRequest {
        name: done.campaign.name.clone(),
    };
    let mut campaigns = suite.campaigns(&scenario.people.controller())?;
    let proof = campaigns.check_population(check).await?.into_inner();
    assert!(proof.complete, "{proof:?}");
    assert_eq!((proof.expected, proof.listed), (3, 3));

    scenario.share_campaign(&done.campaign.name).await?;
    let review = scenario.notify(done.review_of(DEVIATING)).await?;
    let review = scenario
        .observe(&review, &done.registry.entities[DEVIATING])
        .await?;
    let reviewer = scenario.people.reviewer();
    let review = scenario
        .examine(&review, &reviewer, Outcome::ActionPlan)
        .await??;
    scenario
        .conclude(&review, &scenario.people.manager(), Outcome::ActionPlan)
        .await??;

    let contract = &done.contracts[DEVIATING];
    let controls = scenario.controls_of(&done.campaign.name).await?;
    let control = controls
        .iter()
        .find(|control| control.contract == *contract)
        .expect("a control");
    let client = suite.controls(&scenario.people.auditor())?;
    let outcome = testkit::eventually("the conclusion comes back to the control", || {
        let mut client = client.clone();
        let name = control.name.clone();
        async move {
            let request = GetControlOutcomeRequest { name };
            let told = client.get_control_outcome(request).await.ok()?.into_inner();
            (told.stage() == ControlStage::Concluded).then_some(told)
        }
    })
    .await;
    assert_eq!(outcome.outcome, "OUTCOME_ACTION_PLAN");
    let names: Vec<_> = outcome
        .steps
        .iter()
        .filter_map(|step| step.event.rsplit('.').next())
        .collect();
    assert_eq!(names.first(), Some(&"ControlMeasured"));
    assert_eq!(names.last(), Some(&"ReviewConcluded"));
    for name in [
        "FindingRaised",
        "CampaignShared",
        "ReviewOpened",
        "ObservationsSubmitted",
    ] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    suite.stop().await;
    Ok(())
}
