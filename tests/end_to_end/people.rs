//! What people make of a review: each outcome by the persons whose step it is.

use cpom_tests::scenario::{Scenario, Trace};
use proto::contracts::v1::{Outcome, ProcedureState, Review, ReviewState};
use testkit::reason;

use crate::{Controlled, DEVIATING, SILENT, suite};

/// The review of an entity up to the examination by the reviewer.
async fn examined(
    scenario: &Scenario<'_>,
    done: &Controlled,
    place: usize,
    outcome: Outcome,
) -> anyhow::Result<Review> {
    let review = scenario.notify(done.review_of(place)).await?;
    let review = scenario
        .observe(&review, &done.registry.entities[place])
        .await?;
    Ok(scenario
        .examine(&review, &scenario.people.reviewer(), outcome)
        .await??)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_concludes_with_an_action_plan_and_nothing_else_follows() -> anyhow::Result<()> {
    let suite = suite().await?;
    let scenario = Scenario::new(&suite)?;
    let done = Controlled::run(&scenario, &Trace::begin()).await?;
    let review = examined(&scenario, &done, DEVIATING, Outcome::ActionPlan).await?;
    let review = scenario
        .conclude(&review, &scenario.people.manager(), Outcome::ActionPlan)
        .await??;
    let conclusion = review.conclusion.clone().expect("a conclusion");
    assert_eq!(review.state(), ReviewState::Concluded);
    assert_eq!(conclusion.outcome(), Outcome::ActionPlan);
    assert_eq!(conclusion.procedure, "");
    assert!(scenario.procedures().await?.is_empty());
    suite.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sanction_is_proposed_by_a_second_person_and_stays_a_proposal() -> anyhow::Result<()> {
    let suite = suite().await?;
    let scenario = Scenario::new(&suite)?;
    let done = Controlled::run(&scenario, &Trace::begin()).await?;
    let review = examined(&scenario, &done, DEVIATING, Outcome::SanctionProposed).await?;

    // The person who examined may also be a manager: that does not make two persons of one.
    let both = scenario.people.reviewer().also("manager");
    let refused = scenario
        .conclude(&review, &both, Outcome::SanctionProposed)
        .await?;
    assert_eq!(
        reason(&refused.expect_err("one person")),
        "SECOND_PERSON_REQUIRED"
    );
    assert!(scenario.procedures().await?.is_empty());

    let manager = scenario.people.manager();
    let review = scenario
        .conclude(&review, &manager, Outcome::SanctionProposed)
        .await??;
    let procedures = scenario.procedures().await?;
    let [procedure] = procedures.as_slice() else {
        anyhow::bail!("one proposal makes one procedure: {procedures:?}")
    };
    assert_eq!(procedure.state(), ProcedureState::Proposed);
    assert_eq!(procedure.review, review.name);
    assert_eq!(procedure.contract, done.contracts[DEVIATING]);
    assert_eq!(
        procedure.proposer,
        review.conclusion.as_ref().and_then(|c| c.author.clone())
    );
    assert_eq!(
        procedure.name,
        review.conclusion.expect("a conclusion").procedure
    );
    suite.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_sanction_can_be_proposed_for_a_missing_figure() -> anyhow::Result<()> {
    let suite = suite().await?;
    let scenario = Scenario::new(&suite)?;
    let done = Controlled::run(&scenario, &Trace::begin()).await?;
    let review = examined(&scenario, &done, SILENT, Outcome::SanctionProposed).await?;
    let manager = scenario.people.manager();
    let refused = scenario
        .conclude(&review, &manager, Outcome::SanctionProposed)
        .await?;
    assert_eq!(
        reason(&refused.expect_err("nothing to sanction")),
        "NO_SANCTIONABLE_FINDING"
    );
    assert!(scenario.procedures().await?.is_empty());
    suite.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_conducted_the_campaign_does_not_examine_what_it_found() -> anyhow::Result<()> {
    let suite = suite().await?;
    let scenario = Scenario::new(&suite)?;
    let done = Controlled::run(&scenario, &Trace::begin()).await?;
    let review = scenario.notify(done.review_of(DEVIATING)).await?;
    let controller = scenario.people.controller().also("reviewer");
    let refused = scenario
        .examine(&review, &controller, Outcome::NoAction)
        .await?;
    assert_eq!(
        reason(&refused.expect_err("a controller")),
        "EXAMINER_IS_CONTROLLER"
    );
    suite.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_concludes_before_the_establishment_could_answer() -> anyhow::Result<()> {
    let suite = suite().await?;
    let scenario = Scenario::new(&suite)?;
    let done = Controlled::run(&scenario, &Trace::begin()).await?;
    let review = scenario.notify(done.review_of(DEVIATING)).await?;
    let reviewer = scenario.people.reviewer();
    let review = scenario
        .examine(&review, &reviewer, Outcome::NoAction)
        .await??;
    let manager = scenario.people.manager();
    let early = scenario
        .conclude(&review, &manager, Outcome::NoAction)
        .await?;
    assert_eq!(
        reason(&early.expect_err("it may not even have received the invitation")),
        "RECEIPT_NOT_PROVEN"
    );
    let review = scenario
        .observe(&review, &done.registry.entities[DEVIATING])
        .await?;
    // What came after the examination is read before anything is concluded.
    let review = scenario
        .examine(&review, &reviewer, Outcome::NoAction)
        .await??;
    scenario
        .conclude(&review, &manager, Outcome::NoAction)
        .await??;
    suite.stop().await;
    Ok(())
}
