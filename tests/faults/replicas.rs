//! Several processes of a service at once.

use cpom_tests::{scenario::Scenario, suite::Service};

use crate::{
    assert_exactly_once, campaigns::half_measured, owner, programs, region_that_fell_short,
};

#[tokio::test(flavor = "multi_thread")]
async fn two_replicas_share_the_work_and_one_may_die() -> anyhow::Result<()> {
    let mut suite = programs().await?;
    let controls = suite.start_replica(Service::Controls).await?;
    let contracts = suite.start_replica(Service::Contracts).await?;
    region_that_fell_short(&suite).await?;
    let mut connection = owner(&suite, Service::Controls).await?;
    let (campaign, hold) = half_measured(&mut suite, &mut connection).await?;
    controls.kill()?;
    hold.rollback().await?;
    Scenario::new(&suite)?
        .wait_until_measured(&campaign)
        .await?;
    contracts.kill()?;
    assert_exactly_once(&suite, &campaign).await
}
