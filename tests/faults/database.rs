//! Postgres goes away and comes back.

use cpom_tests::{
    scenario::{Scenario, Trace, patiently},
    suite::Service,
};
use proto::contracts::v1::ListContractsRequest;
use testkit::reason;
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::{
    assert_exactly_once, campaigns::half_measured, owner, programs, region_that_fell_short,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_is_told_to_wait_and_then_answered() -> anyhow::Result<()> {
    let suite = programs().await?;
    let scenario = Scenario::new(&suite)?;
    let client = suite.contracts(&scenario.people.contract_manager())?;
    client
        .clone()
        .list_contracts(ListContractsRequest::default())
        .await?;
    let database = suite.database(Service::Contracts)?;
    database.cut().await;
    let away = client
        .clone()
        .list_contracts(ListContractsRequest::default())
        .await;
    let away = away.expect_err("no database, no answer");
    assert_eq!(
        (away.code(), reason(&away).as_str()),
        (Code::Unavailable, "UNAVAILABLE")
    );
    assert!(
        away.get_details_retry_info().is_some(),
        "it says how long to wait"
    );
    database.restore().await;
    patiently(|| {
        let mut client = client.clone();
        async move { client.list_contracts(ListContractsRequest::default()).await }
    })
    .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_outlives_its_database_being_away() -> anyhow::Result<()> {
    let mut suite = programs().await?;
    region_that_fell_short(&suite).await?;
    let mut connection = owner(&suite, Service::Controls).await?;
    let (campaign, hold) = half_measured(&mut suite, &mut connection).await?;
    // The cut ends the connection that holds the other half as well.
    suite.database(Service::Controls)?.cut().await;
    drop(hold);
    suite.database(Service::Controls)?.restore().await;
    Scenario::new(&suite)?
        .wait_until_measured(&campaign)
        .await?;
    assert_exactly_once(&suite, &campaign).await
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_wait_for_the_database_of_contracts() -> anyhow::Result<()> {
    let suite = programs().await?;
    region_that_fell_short(&suite).await?;
    let scenario = Scenario::new(&suite)?;
    let campaign = scenario.start_campaign(&Trace::begin()).await?;
    suite.database(Service::Contracts)?.cut().await;
    scenario.wait_until_measured(&campaign.name).await?;
    suite.database(Service::Contracts)?.restore().await;
    assert_exactly_once(&suite, &campaign.name).await
}
