//! A campaign over thousands of contracts, against the one statement that computes and inserts the same.

mod peers;
mod statement;

use std::time::{Duration, Instant};

use proto::controls::v1 as pb;
use proto::controls::v1::{
    campaign_service_client::CampaignServiceClient,
    tolerance_policy_service_client::TolerancePolicyServiceClient,
};
use sqlx::{Connection as _, PgConnection};
use testkit::{Persona, Setup, TestDatabase, request_id};
use tokio::time::sleep;

use self::peers::{Peers, REGION, YEAR};
use crate::{
    figure::{Figure, Target},
    raw_database::{clone_of, settle},
    statistics::rate,
};

const OBJECTIVES: u32 = 20;
/// The campaign may take three times as long as the statement.
const REQUIRED_RATIO: f64 = 1.0 / 3.0;
const POLL: Duration = Duration::from_millis(20);

pub(crate) async fn run(contracts: u32) -> anyhow::Result<Vec<Figure>> {
    let mut setup = Setup::new().await;
    let url = Peers::start(contracts, OBJECTIVES)?;
    setup.peers.contracts = Some(url.clone());
    setup.peers.targets = Some(url);
    let database = TestDatabase::new(&controls::DEFINITION).await;
    let mut owner = PgConnection::connect(&database.owner_url).await?;
    let frozen = frozen(&setup, &database, &mut owner).await?;
    // Nobody may be connected to a database that is copied.
    owner.close().await?;
    let raw_database = clone_of(&database).await?;

    let mut owner = PgConnection::connect(&database.owner_url).await?;
    settle().await?;
    let elapsed = measured(&setup, &database, &mut owner, frozen).await?;
    settle().await?;
    let raw = statement::run(&raw_database, OBJECTIVES).await?;
    let comparisons = contracts * OBJECTIVES;
    Ok(vec![Figure::ratio(
        format!("campaign, {comparisons} controls written and chained"),
        "controls/s",
        rate(comparisons, elapsed),
        rate(comparisons, raw),
        Target::AtLeast(REQUIRED_RATIO),
    )])
}

fn controller() -> Persona {
    Persona::human("controller").region(REGION)
}

/// Starts the service until the data of a campaign are frozen, and stops it.
async fn frozen(
    setup: &Setup,
    database: &TestDatabase,
    owner: &mut PgConnection,
) -> anyhow::Result<pb::Campaign> {
    let running = setup
        .start_on(database, &controls::DEFINITION, controls::start)
        .await;
    until(owner, "select count(*) >= 5 from copy_bootstrap").await?;
    let manager = setup.peer(&running, &Persona::human("manager").region(REGION));
    let mut policies = TolerancePolicyServiceClient::new(manager);
    let draft = policies
        .create_tolerance_policy(pb::CreateTolerancePolicyRequest {
            region: REGION.to_owned(),
            rules: Some(pb::ToleranceRules {
                first_year: YEAR,
                last_year: YEAR,
                conforming_percent: "5".to_owned(),
                minor_percent: "10".to_owned(),
                minimum_count: "30".to_owned(),
                ..Default::default()
            }),
            reasons: "Mesure de charge".to_owned(),
            request_id: request_id(),
        })
        .await?
        .into_inner();
    let region = REGION.parse()?;
    let today = kernel::legal_time::legal_day(setup.clock.now(), region).to_string();
    let policy = policies
        .adopt_tolerance_policy(pb::AdoptTolerancePolicyRequest {
            name: draft.name,
            etag: draft.etag,
            effect_date: today,
            replaces: String::new(),
            reasons: "Mesure de charge".to_owned(),
            request_id: request_id(),
        })
        .await?
        .into_inner();
    let mut campaigns = CampaignServiceClient::new(setup.peer(&running, &controller()));
    let planned = campaigns
        .create_campaign(pb::CreateCampaignRequest {
            region: REGION.to_owned(),
            year: YEAR,
            tolerance_policy: policy.name,
            request_id: request_id(),
        })
        .await?
        .into_inner();
    let frozen = campaigns
        .freeze_campaign(pb::FreezeCampaignRequest {
            name: planned.name,
            etag: planned.etag,
            pmsi_version: String::new(),
            request_id: request_id(),
        })
        .await?
        .into_inner();
    running.stop().await;
    Ok(frozen)
}

/// From the request that starts the campaign to the commit that says it is measured.
async fn measured(
    setup: &Setup,
    database: &TestDatabase,
    owner: &mut PgConnection,
    frozen: pb::Campaign,
) -> anyhow::Result<Duration> {
    let running = setup
        .start_on(database, &controls::DEFINITION, controls::start)
        .await;
    let mut campaigns = CampaignServiceClient::new(setup.peer(&running, &controller()));
    let request = pb::StartCampaignRequest {
        name: frozen.name,
        etag: frozen.etag,
        request_id: request_id(),
    };
    let begin = Instant::now();
    campaigns.start_campaign(request).await?;
    until(owner, "select bool_and(state = 'measured') from campaign").await?;
    let elapsed = begin.elapsed();
    running.stop().await;
    Ok(elapsed)
}

/// Waits until a question has yes for an answer.
async fn until(owner: &mut PgConnection, question: &'static str) -> anyhow::Result<()> {
    loop {
        let answer: bool = sqlx::query_scalar(question).fetch_one(&mut *owner).await?;
        if answer {
            return Ok(());
        }
        sleep(POLL).await;
    }
}
