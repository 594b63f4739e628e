//! Signatures and steps of reviews at 8 clients.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use cpom_tests::{
    scenario::{Entity, Registry, Scenario, Trace},
    suite::{Mode, Service, Suite},
};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use proto::contracts::v1::{Contract, GetContractRequest, Outcome, Review};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use testkit::Persona;

use super::{pgbench::runs_a_second, statements};
use crate::{
    figure::{Figure, Target},
    raw_database::{clone_of, settle, vacuum},
    statistics::rate,
};

const CLIENTS: usize = 8;
const REQUIRED_RATIO: f64 = 0.6;
const SIGNATURES_EACH: u32 = 2;
const STEPS_EACH: u32 = 4;

pub(crate) async fn run(contracts: u32) -> anyhow::Result<Vec<Figure>> {
    let mut suite = Suite::start(Mode::Programs).await?;
    let region = Scenario::new(&suite)?.people.region;
    let registry = Registry::generate(region, contracts, 1)?;
    Scenario::new(&suite)?.import(&registry).await?;
    let ready: Vec<Contract> = {
        let scenario = Scenario::new(&suite)?;
        stream::iter(&registry.entities)
            .map(|entity| scenario.contract_to_sign(entity))
            .buffered(CLIENTS)
            .try_collect()
            .await?
    };
    let raw_signatures = frozen_copy(&mut suite).await?;
    leave_alone(&mut suite)?;
    settle().await?;
    let signing = sign_all(&suite, &registry.entities, ready).await?;
    for service in OTHERS {
        suite.start_service(service).await?;
    }

    let campaign = {
        let scenario = Scenario::new(&suite)?;
        let campaign = scenario.start_campaign(&Trace::begin()).await?;
        scenario.wait_until_measured(&campaign.name).await?.name
    };
    let reviews = {
        let scenario = Scenario::new(&suite)?;
        let findings = scenario.findings_of(&campaign).await?.len();
        scenario.reviews_with_findings(&campaign, findings).await?
    };
    let reviewed = u32::try_from(reviews.len())?;
    let raw_reviews = frozen_copy(&mut suite).await?;
    leave_alone(&mut suite)?;
    settle().await?;
    let reviewing = review_all(&suite, &registry.entities, reviews).await?;
    drop(suite);

    let raw_signing = pgbench(
        &raw_signatures,
        QUEUE_OF_CONTRACTS,
        &statements::signatures(),
        contracts,
    )
    .await?;
    let raw_reviewing = pgbench(
        &raw_reviews,
        QUEUE_OF_REVIEWS,
        &statements::reviews(),
        reviewed,
    )
    .await?;
    let figure = |name: &str, count: u32, reached: Duration, raw: f64| {
        let reached = rate(count, reached);
        Figure::ratio(name, "/s", reached, raw, Target::AtLeast(REQUIRED_RATIO))
    };
    Ok(vec![
        figure(
            "signatures at 8 clients",
            contracts * SIGNATURES_EACH,
            signing,
            raw_signing * f64::from(SIGNATURES_EACH),
        ),
        figure(
            "steps of reviews at 8 clients",
            reviewed * STEPS_EACH,
            reviewing,
            raw_reviewing * f64::from(STEPS_EACH),
        ),
    ])
}

/// A copy of the database of `contracts` as it is now; the service is away for a moment.
async fn frozen_copy(suite: &mut Suite) -> anyhow::Result<String> {
    suite.kill(Service::Contracts)?;
    let database = suite.database(Service::Contracts)?;
    // The raw limit has statistics too.
    vacuum(&mut database.owner().await).await?;
    database.cut().await;
    let copy = clone_of(database).await;
    suite.database(Service::Contracts)?.restore().await;
    suite.start_service(Service::Contracts).await?;
    copy
}

const OTHERS: [Service; 3] = [Service::Establishments, Service::Targets, Service::Controls];

/// Stops the services that consume what `contracts` publishes: pgbench has no such company either. Clients keep
/// their connections and tokens from here on, as real ones do.
fn leave_alone(suite: &mut Suite) -> anyhow::Result<()> {
    for service in OTHERS {
        suite.kill(service)?;
    }
    suite.keep_connections();
    Ok(())
}

/// Nobody acts on what they have not read: who signs and answers is connected and known to the service by then.
async fn read(suite: &Suite, who: &Persona, contract: &Contract) -> anyhow::Result<()> {
    let request = GetContractRequest {
        name: contract.name.clone(),
    };
    suite.contracts(who)?.get_contract(request).await?;
    Ok(())
}

async fn sign_all(
    suite: &Suite,
    entities: &[Entity],
    contracts: Vec<Contract>,
) -> anyhow::Result<Duration> {
    let scenario = Scenario::new(suite)?;
    let work: Vec<_> = entities.iter().zip(contracts).collect();
    for (entity, contract) in &work {
        read(suite, &scenario.people.director_of(entity.finess), contract).await?;
    }
    let begin = Instant::now();
    stream::iter(work)
        .map(|(entity, contract)| async move {
            let agency = scenario.people.director_general();
            let contract = scenario.sign_read(&contract, &agency, "ars").await?;
            let director = scenario.people.director_of(entity.finess);
            let party = format!("legalEntities/{}", entity.finess);
            scenario.sign_read(&contract, &director, &party).await
        })
        .buffer_unordered(CLIENTS)
        .try_collect::<Vec<_>>()
        .await?;
    Ok(begin.elapsed())
}

async fn review_all(
    suite: &Suite,
    entities: &[Entity],
    reviews: Vec<Review>,
) -> anyhow::Result<Duration> {
    let scenario = Scenario::new(suite)?;
    let mut work = Vec::with_capacity(reviews.len());
    for review in reviews {
        let contract = scenario.contract(&review.contract).await?;
        let text = contract.text.as_ref().context("a text")?;
        let entity = entities
            .iter()
            .find(|entity| {
                text.legal_entities
                    .contains(&format!("legalEntities/{}", entity.finess))
            })
            .context("a known entity")?;
        read(
            suite,
            &scenario.people.director_of(entity.finess),
            &contract,
        )
        .await?;
        work.push((review, entity));
    }
    let begin = Instant::now();
    stream::iter(work)
        .map(|(review, entity)| async move {
            let review = scenario.notify(&review).await?;
            let review = scenario.observe(&review, entity).await?;
            let reviewer = scenario.people.reviewer();
            let review = scenario
                .examine(&review, &reviewer, Outcome::NoAction)
                .await??;
            let manager = scenario.people.manager();
            anyhow::Ok(
                scenario
                    .conclude(&review, &manager, Outcome::NoAction)
                    .await??,
            )
        })
        .buffer_unordered(CLIENTS)
        .try_collect::<Vec<_>>()
        .await?;
    Ok(begin.elapsed())
}

const QUEUE_OF_CONTRACTS: &str = "
    create sequence load_contract_rank;
    create table load_contract as
        select row_number() over () as rank, contract.id as contract, contract.version, contract.text_version,
            contract.freeze_version,
            document.sha256, version.establishments[1] as site
        from contract
        join frozen_document as document
            on document.contract_id = contract.id and document.freeze_version = contract.freeze_version
        join contract_version as version
            on version.contract_id = contract.id and version.number = contract.text_version;
    alter table load_contract add primary key (rank);
    grant select on load_contract to cpom_app;
    grant usage on load_contract_rank to cpom_app;
    analyze load_contract";

const QUEUE_OF_REVIEWS: &str = "
    create sequence load_review_rank;
    create table load_review as
        select row_number() over () as rank, id as review, contract_id as contract, campaign, version
        from review;
    alter table load_review add primary key (rank);
    grant select on load_review to cpom_app;
    grant usage on load_review_rank to cpom_app;
    analyze load_review";

/// Runs a script once for each row of its queue and returns how many a second.
async fn pgbench(url: &str, queue: &'static str, script: &str, rows: u32) -> anyhow::Result<f64> {
    PgConnection::connect(url)
        .await?
        .execute(AssertSqlSafe(queue))
        .await
        .context("the queue")?;
    settle().await?;
    let each = rows / u32::try_from(CLIENTS)?;
    runs_a_second(
        url,
        script,
        &["-t", &each.to_string()],
        "-c role=cpom_app -c plan_cache_mode=force_generic_plan -c enable_seqscan=off",
    )
}
