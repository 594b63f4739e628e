//! `controls` and `contracts` die in the middle of their work.

use cpom_tests::{
    scenario::{Scenario, Trace},
    suite::{Service, Suite},
};
use sqlx::{Connection as _, PgConnection, Postgres, Transaction};

use crate::{CONTRACTS, assert_exactly_once, owner, programs, region_that_fell_short, wait_until};

const MEASURED: &str = "select count(*) from control where result <> 'scheduled'";
const BLOCKED: &str = "select count(distinct datname) from pg_stat_activity
                       where datname = current_database() and wait_event_type = 'Lock'";

/// Starts a campaign of which only half of the controls can be measured, because the others are held. Returns
/// the campaign once that half is done, and the hold.
pub(crate) async fn half_measured<'c>(
    suite: &mut Suite,
    connection: &'c mut PgConnection,
) -> anyhow::Result<(String, Transaction<'c, Postgres>)> {
    let trace = Trace::begin();
    let frozen = Scenario::new(suite)?.freeze_campaign(&trace).await?;
    // Without targets nothing can be measured, so the hold is there before the first control is.
    suite.kill(Service::Targets)?;
    let campaign = Scenario::new(suite)?.start_frozen(frozen, &trace).await?;
    let mut hold = connection.begin().await?;
    let locked = sqlx::query("select id from control order by id limit $1 for update")
        .bind(i64::from(CONTRACTS / 2))
        .fetch_all(&mut *hold)
        .await?;
    assert_eq!(locked.len(), CONTRACTS as usize / 2);
    suite.start_service(Service::Targets).await?;
    let half = i64::from(CONTRACTS - CONTRACTS / 2);
    wait_until(suite, Service::Controls, "half is measured", MEASURED, half).await?;
    Ok((campaign.name, hold))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_goes_on_where_it_was_when_controls_was_killed() -> anyhow::Result<()> {
    let mut suite = programs().await?;
    region_that_fell_short(&suite).await?;
    let mut connection = owner(&suite, Service::Controls).await?;
    let (campaign, hold) = half_measured(&mut suite, &mut connection).await?;
    suite.kill(Service::Controls)?;
    hold.rollback().await?;
    suite.start_service(Service::Controls).await?;
    Scenario::new(&suite)?
        .wait_until_measured(&campaign)
        .await?;
    assert_exactly_once(&suite, &campaign).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chunk_that_was_not_committed_is_measured_again() -> anyhow::Result<()> {
    let mut suite = programs().await?;
    region_that_fell_short(&suite).await?;
    let mut connection = owner(&suite, Service::Controls).await?;
    let mut hold = connection.begin().await?;
    sqlx::query("lock table finding in exclusive mode")
        .execute(&mut *hold)
        .await?;
    let campaign = Scenario::new(&suite)?
        .start_campaign(&Trace::begin())
        .await?;
    let what = "controls is about to write findings";
    wait_until(&suite, Service::Controls, what, BLOCKED, 1).await?;
    suite.kill(Service::Controls)?;
    hold.rollback().await?;
    suite.start_service(Service::Controls).await?;
    Scenario::new(&suite)?
        .wait_until_measured(&campaign.name)
        .await?;
    assert_exactly_once(&suite, &campaign.name).await
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_that_arrive_while_contracts_dies_are_attached_once() -> anyhow::Result<()> {
    let mut suite = programs().await?;
    region_that_fell_short(&suite).await?;
    let mut connection = owner(&suite, Service::Contracts).await?;
    let mut hold = connection.begin().await?;
    sqlx::query("lock table review in exclusive mode")
        .execute(&mut *hold)
        .await?;
    let campaign = Scenario::new(&suite)?
        .start_campaign(&Trace::begin())
        .await?;
    let what = "contracts is about to write reviews";
    wait_until(&suite, Service::Contracts, what, BLOCKED, 1).await?;
    suite.kill(Service::Contracts)?;
    hold.rollback().await?;
    suite.start_service(Service::Contracts).await?;
    Scenario::new(&suite)?
        .wait_until_measured(&campaign.name)
        .await?;
    assert_exactly_once(&suite, &campaign.name).await
}
