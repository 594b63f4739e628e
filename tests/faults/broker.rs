//! NATS goes away and comes back.

use cpom_tests::{
    scenario::{Scenario, Trace},
    suite::Service,
};

use crate::{FINDINGS, assert_exactly_once, count, programs, region_that_fell_short};

#[tokio::test(flavor = "multi_thread")]
async fn without_nats_commands_go_on_and_their_events_wait() -> anyhow::Result<()> {
    let mut suite = programs().await?;
    region_that_fell_short(&suite).await?;
    suite.setup.nats.kill();
    let campaign = {
        let scenario = Scenario::new(&suite)?;
        let campaign = scenario.start_campaign(&Trace::begin()).await?;
        scenario.wait_until_measured(&campaign.name).await?;
        assert!(
            scenario.reviews_of(&campaign.name).await?.is_empty(),
            "nothing has arrived"
        );
        campaign
    };
    let waiting = count(&suite, Service::Controls, "select count(*) from outbox").await?;
    assert!(waiting >= i64::try_from(FINDINGS)?, "{waiting} events wait");
    suite.setup.nats.restart();
    assert_exactly_once(&suite, &campaign.name).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_dies_again_and_again_loses_and_doubles_nothing() -> anyhow::Result<()> {
    let mut suite = programs().await?;
    region_that_fell_short(&suite).await?;
    let campaign = Scenario::new(&suite)?
        .start_campaign(&Trace::begin())
        .await?;
    for _ in 0..3 {
        suite.setup.nats.restart();
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    }
    Scenario::new(&suite)?
        .wait_until_measured(&campaign.name)
        .await?;
    assert_exactly_once(&suite, &campaign.name).await
}
