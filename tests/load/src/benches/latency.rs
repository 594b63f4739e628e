//! From a committed finding to its open review.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use async_nats::jetstream::{self, consumer::pull, stream};
use cpom_tests::{
    scenario::{Registry, Scenario},
    suite::{Mode, Service, Suite},
};
use futures::StreamExt as _;
use kernel::Region;
use proto::{
    controls::v1::{CalculationTrace, FindingRaised},
    types::v1::Severity,
};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, PgPool, postgres::PgListener};
use store::{By, Db, Fact};
use testkit::TestDatabase;
use uuid::Uuid;

use crate::{
    figure::{Figure, Target},
    statistics::Durations,
};

/// Findings a second.
const PACE: u32 = 100;
const CONTRACTS: u32 = 20;
const MEDIAN_LIMIT: f64 = 3.0;
const TAIL_LIMIT: f64 = 10.0;
/// Longest wait for the last of them.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) async fn run(seconds: u32) -> anyhow::Result<Vec<Figure>> {
    let suite = Suite::start(Mode::InProcess).await?;
    let count = PACE * seconds;
    let raw = raw_chain(&suite, count).await.context("the raw chain")?;
    let reached = findings(&suite, count).await.context("the findings")?;
    let figure = |name: &str, percent, limit| {
        let (reached, raw) = (reached.percentile_ms(percent), raw.percentile_ms(percent));
        Figure::ratio(name, "ms", reached, raw, Target::AtMost(limit))
    };
    let figures = vec![
        figure("finding to review, median", 50, MEDIAN_LIMIT),
        figure("finding to review, 99th percentile", 99, TAIL_LIMIT),
    ];
    suite.stop().await;
    Ok(figures)
}

/// When each one was committed, by its key.
type Begun = Arc<Mutex<HashMap<Uuid, Instant>>>;

fn note(begun: &Begun, key: Uuid) {
    begun
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(key, Instant::now());
}

fn since(begun: &Begun, key: Uuid) -> Option<Duration> {
    let mut begun = begun.lock().unwrap_or_else(PoisonError::into_inner);
    begun.remove(&key).map(|begin| begin.elapsed())
}

/// Commits findings at the pace and waits for their reviews. Each belongs to a campaign of its own, so that
/// each opens one.
async fn findings(suite: &Suite, count: u32) -> anyhow::Result<Durations> {
    let scenario = Scenario::new(suite)?;
    let registry = Registry::generate(scenario.people.region, CONTRACTS, 1)?;
    scenario.import(&registry).await?;
    let contracts = scenario.contracts_in_force(&registry.entities).await?;

    // The review is told from within the transaction that opens it, at its commit.
    let database = suite.database(Service::Contracts)?;
    let mut owner = database.owner().await;
    tell(&mut owner, "review", "campaign").await?;
    let mut listener = listener(&database.owner_url).await?;

    let begun = Begun::default();
    let controls = suite.runtime(Service::Controls)?.machine.clone();
    let (noted, region) = (Arc::clone(&begun), scenario.people.region);
    let raising = tokio::spawn(async move {
        let mut ticks = tokio::time::interval(Duration::from_secs(1) / PACE);
        for (contract, _) in contracts.iter().cycle().zip(0..count) {
            ticks.tick().await;
            raise(&controls, contract, region, &noted).await?;
        }
        anyhow::Ok(())
    });
    let durations = heard(&mut listener, &begun, count).await?;
    raising.await??;
    Ok(durations)
}

const CHANNEL: &str = "arrived";

/// Tells each new row of a table by one of its columns, when its transaction commits.
async fn tell(owner: &mut PgConnection, table: &str, column: &str) -> anyhow::Result<()> {
    let trigger = format!(
        "create function tell_arrival() returns trigger language plpgsql as
         $$ begin perform pg_notify('{CHANNEL}', new.{column}::text); return null; end $$;
         create trigger tell_arrival after insert on {table} for each row execute function tell_arrival()"
    );
    owner.execute(AssertSqlSafe(trigger)).await?;
    Ok(())
}

async fn listener(url: &str) -> anyhow::Result<PgListener> {
    let mut listener = PgListener::connect(url).await?;
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

/// How long each took to arrive.
async fn heard(listener: &mut PgListener, begun: &Begun, count: u32) -> anyhow::Result<Durations> {
    let mut durations = Vec::new();
    while durations.len() < usize::try_from(count)? {
        let told = tokio::time::timeout(PATIENCE, listener.recv()).await??;
        durations.extend(since(begun, told.payload().parse()?));
    }
    Ok(Durations::new(durations))
}

/// What the worker of a campaign commits for one finding.
async fn raise(db: &Db, contract: &str, region: Region, begun: &Begun) -> anyhow::Result<()> {
    let (campaign, finding) = (kernel::new_id(), kernel::new_id());
    let event = FindingRaised {
        region: region.code().to_owned(),
        campaign: format!("campaigns/{campaign}"),
        control: format!("controls/{}", kernel::new_id()),
        contract: contract.to_owned(),
        year: 2024,
        objective: "stays".to_owned(),
        severity: Severity::Minor.into(),
        opposable: false,
        penalty_eligible: false,
        summary: "Écart mesuré".to_owned(),
        trace: Some(CalculationTrace::default()),
        ..Default::default()
    };
    note(begun, campaign);
    let mut unit = db.unit(By::service("controls", db.clock().now())).await?;
    let name = format!("findings/{finding}");
    unit.append(vec![Fact::new(
        "finding", name, 1, contract, region, &event,
    )?])
    .await?;
    unit.done().await?;
    Ok(())
}

/// A commit, a publish with acknowledgement, a fetch, a commit: nothing else. Its end is told by the same means as that
/// of a review, so that the means are on both sides.
async fn raw_chain(suite: &Suite, count: u32) -> anyhow::Result<Durations> {
    let database = TestDatabase::new(&controls::DEFINITION).await;
    let pool = PgPool::connect(&database.owner_url).await?;
    let mut owner = pool.acquire().await?;
    owner
        .execute("create table sent (id uuid primary key, body bytea); create table received (id uuid primary key)")
        .await?;
    tell(&mut owner, "received", "id").await?;
    let mut listener = listener(&database.owner_url).await?;
    let context = jetstream::new(async_nats::connect(suite.setup.nats.url()).await?);
    let stream = context
        .create_stream(stream::Config {
            name: "RAW".to_owned(),
            subjects: vec!["raw.>".to_owned()],
            storage: stream::StorageType::File,
            ..Default::default()
        })
        .await?;
    let consumer = stream
        .create_consumer(pull::Config {
            durable_name: Some("raw".to_owned()),
            ..Default::default()
        })
        .await?;
    let begun = Begun::default();
    let noted = Arc::clone(&begun);
    let sender = pool.clone();
    let sending = tokio::spawn(async move {
        let mut ticks = tokio::time::interval(Duration::from_secs(1) / PACE);
        let body = vec![b'x'; 1_000];
        for _ in 0..count {
            ticks.tick().await;
            let id = kernel::new_id();
            note(&noted, id);
            sqlx::query("insert into sent (id, body) values ($1, $2)")
                .bind(id)
                .bind(&body)
                .execute(&sender)
                .await?;
            let payload = id.to_string().into_bytes();
            context
                .publish("raw.finding", payload.into())
                .await?
                .await?;
        }
        anyhow::Ok(())
    });
    let mut messages = consumer.messages().await?;
    let receiving = tokio::spawn(async move {
        for _ in 0..count {
            let message = messages.next().await.context("the consumer ended")??;
            let id: Uuid = std::str::from_utf8(&message.payload)?.parse()?;
            sqlx::query("insert into received (id) values ($1)")
                .bind(id)
                .execute(&pool)
                .await?;
            message
                .ack()
                .await
                .map_err(|error| anyhow::anyhow!("{error}"))?;
        }
        anyhow::Ok(())
    });
    let durations = heard(&mut listener, &begun, count).await?;
    sending.await??;
    receiving.await??;
    Ok(durations)
}
