//! What no machine can do, whatever roles somebody gave it.

use cpom_tests::scenario::{Scenario, Trace};
use proto::contracts::v1::Outcome;
use tonic::Code;

use crate::{Controlled, DEVIATING, suite};

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_with_every_role_can_neither_examine_nor_conclude() -> anyhow::Result<()> {
    let suite = suite().await?;
    let scenario = Scenario::new(&suite)?;
    let done = Controlled::run(&scenario, &Trace::begin()).await?;
    let machine = scenario.people.machine_with_every_role();
    let review = scenario.notify(done.review_of(DEVIATING)).await?;
    let review = scenario
        .observe(&review, &done.registry.entities[DEVIATING])
        .await?;

    let examined = scenario
        .examine(&review, &machine, Outcome::SanctionProposed)
        .await?;
    assert_eq!(
        examined.expect_err("a machine").code(),
        Code::PermissionDenied
    );

    let reviewer = scenario.people.reviewer();
    let review = scenario
        .examine(&review, &reviewer, Outcome::SanctionProposed)
        .await??;
    for outcome in [
        Outcome::NoAction,
        Outcome::ActionPlan,
        Outcome::SanctionProposed,
    ] {
        let concluded = scenario.conclude(&review, &machine, outcome).await?;
        assert_eq!(
            concluded.expect_err("a machine").code(),
            Code::PermissionDenied
        );
    }
    assert!(scenario.procedures().await?.is_empty());
    suite.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_with_every_role_can_not_sign() -> anyhow::Result<()> {
    let suite = suite().await?;
    let scenario = Scenario::new(&suite)?;
    let registry = cpom_tests::scenario::Registry::generate(scenario.people.region, 1, 1)?;
    scenario.import(&registry).await?;
    let contract = scenario.contract_to_sign(&registry.entities[0]).await?;
    let machine = scenario.people.machine_with_every_role();
    let signed = scenario.sign(&contract, &machine, "ars").await;
    let status = signed.expect_err("a machine").downcast::<tonic::Status>()?;
    assert_eq!(status.code(), Code::PermissionDenied);
    suite.stop().await;
    Ok(())
}
