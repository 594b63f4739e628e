#![expect(
    clippy::unwrap_used,
    reason = "a test without its surroundings cannot go on"
)]

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

use bus::{Bus, Consumer, Envelope, Failure, Handler, History, Owner, relay};
use futures::StreamExt as _;
use kernel::{Clock, Region};
use kit::Definition;
use proto::targets::v1::IndicatorsReceived;
use sqlx::{Row as _, migrate::Migrator};
use store::{
    By, Db, Fact, Role, Unit,
    history::{self, Filter},
};
use testkit::{TestDatabase, TestNats, eventually};
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

static NO_MIGRATIONS: Migrator = Migrator::DEFAULT;
static DEFINITION: Definition = Definition {
    name: "targets",
    migrations: &NO_MIGRATIONS,
    authorization: "",
};

/// Applies the batches of the targets service.
pub(crate) const BATCHES: Consumer = Consumer {
    name: "test-batch",
    source: "targets",
    kind: "batch",
};

/// One service that publishes and consumes its own events: what lies between is the same for two.
pub(crate) struct World {
    pub(crate) database: TestDatabase,
    pub(crate) nats: TestNats,
    pub(crate) db: Db,
    pub(crate) bus: Bus,
}

impl World {
    pub(crate) async fn new() -> Self {
        let (database, nats) = (TestDatabase::new(&DEFINITION).await, TestNats::start());
        sqlx::raw_sql(
            "create table applied (
                 place bigint generated always as identity,
                 aggregate text not null,
                 version bigint not null
             );
             grant select, insert on applied to cpom_machine",
        )
        .execute(&mut database.owner().await)
        .await
        .unwrap();
        let db = connect(&database).await;
        let bus = Bus::connect(&nats.url(), "test", true).await.unwrap();
        eventually("the stream", || async {
            bus.ensure_stream("targets").await.ok()
        })
        .await;
        Self {
            database,
            nats,
            db,
            bus,
        }
    }

    pub(crate) async fn append(&self, aggregate: &str, versions: &[i64]) {
        append(&self.db, aggregate, versions).await;
    }

    /// Publishes what is in the outbox until `stop` is dropped.
    pub(crate) fn relay(&self) -> DropGuard {
        let stop = CancellationToken::new();
        tokio::spawn(relay(self.db.clone(), self.bus.clone(), stop.clone()));
        stop.drop_guard()
    }

    /// Applies what is published until the guard is dropped.
    pub(crate) fn consume(&self, handler: &Recorder) -> DropGuard {
        let stop = CancellationToken::new();
        let (db, bus) = (self.db.clone(), self.bus.clone());
        tokio::spawn(BATCHES.run(bus, db, handler.clone(), stop.clone()));
        stop.drop_guard()
    }

    /// The same, for a copy that can be built from the owner's history.
    pub(crate) fn consume_from_owner(&self, handler: &Recorder) -> DropGuard {
        let stop = CancellationToken::new();
        let (db, bus) = (self.db.clone(), self.bus.clone());
        let owner = Some(Own(self.db.clone()));
        tokio::spawn(BATCHES.run_from(owner, bus, db, handler.clone(), stop.clone()));
        stop.drop_guard()
    }

    /// What was applied to an aggregate, in the order of application.
    pub(crate) async fn applied(&self, aggregate: &str) -> Vec<i64> {
        sqlx::query_scalar("select version from applied where aggregate = $1 order by place")
            .bind(aggregate)
            .fetch_all(self.db.pool())
            .await
            .unwrap()
    }

    pub(crate) async fn until_applied(&self, aggregate: &str, versions: &[i64]) {
        eventually(&format!("{aggregate} at {versions:?}"), || async {
            (self.applied(aggregate).await == versions).then_some(())
        })
        .await;
    }

    /// Versions of an aggregate that are parked, with the reason.
    pub(crate) async fn parked(&self, aggregate: &str) -> Vec<(i64, String)> {
        sqlx::query(
            "select version, reason from parked
             where aggregate = $1 and resolved_at is null
             order by version",
        )
        .bind(aggregate)
        .fetch_all(self.db.pool())
        .await
        .unwrap()
        .into_iter()
        .map(|row| (row.get("version"), row.get("reason")))
        .collect()
    }

    pub(crate) async fn until_parked(
        &self,
        aggregate: &str,
        versions: &[i64],
    ) -> Vec<(i64, String)> {
        eventually(&format!("{aggregate} parked at {versions:?}"), || async {
            let parked = self.parked(aggregate).await;
            (parked.iter().map(|(v, _)| *v).collect::<Vec<_>>() == versions).then_some(parked)
        })
        .await
    }

    /// The event of `batches/1` that is parked at this version.
    pub(crate) async fn parked_id(&self, version: i64) -> Uuid {
        sqlx::query_scalar(
            "select event_id from parked where aggregate = 'batches/1' and version = $1",
        )
        .bind(version)
        .fetch_one(self.db.pool())
        .await
        .unwrap()
    }

    /// Publishes one recorded event by hand, past the relay.
    pub(crate) async fn publish(&self, aggregate: &str, version: i64) {
        let filter = Filter {
            aggregate: Some(aggregate.to_owned()),
            ..Filter::default()
        };
        let events = history::list(self.db.pool(), &filter, None, 1000)
            .await
            .unwrap();
        let event = events
            .into_iter()
            .find(|event| event.version == version)
            .unwrap();
        let (subject, body) = (event.subject(), event.canonical);
        self.bus
            .context()
            .publish(subject, body.into())
            .await
            .unwrap()
            .await
            .unwrap();
    }
}

pub(crate) async fn connect(database: &TestDatabase) -> Db {
    Db::connect(&database.url, Role::Machine, 10, Clock::system())
        .await
        .unwrap()
}

pub(crate) async fn append(db: &Db, aggregate: &str, versions: &[i64]) {
    let region: Region = "93".parse().unwrap();
    let facts = versions.iter().map(|version| {
        let data = IndicatorsReceived {
            sequence: *version,
            ..Default::default()
        };
        Fact::new("batch", aggregate, *version, "contracts/1", region, &data).unwrap()
    });
    let mut unit = db
        .unit(By::service("test", db.clock().now()))
        .await
        .unwrap();
    unit.append(facts.collect()).await.unwrap();
    unit.done().await.unwrap();
}

/// Writes down what it applies, except what it was told to refuse.
#[derive(Debug, Clone, Default)]
pub(crate) struct Recorder {
    refused: Arc<Mutex<HashSet<(String, i64)>>>,
}

impl Recorder {
    pub(crate) fn refuse(&self, aggregate: &str, version: i64) {
        self.refused
            .lock()
            .unwrap()
            .insert((aggregate.to_owned(), version));
    }

    pub(crate) fn refuse_nothing(&self) {
        self.refused.lock().unwrap().clear();
    }
}

impl Handler for Recorder {
    async fn handle(&self, unit: &mut Unit, event: &Envelope) -> Result<(), Failure> {
        let data: IndicatorsReceived = event.decode()?;
        assert_eq!(data.sequence, event.version);
        sqlx::query("insert into applied (aggregate, version) values ($1, $2)")
            .bind(&event.aggregate)
            .bind(event.version)
            .execute(unit.connection())
            .await?;
        let key = (event.aggregate.clone(), event.version);
        if self.refused.lock().unwrap().contains(&key) {
            return Err(Failure::Reject("told to refuse".to_owned()));
        }
        Ok(())
    }
}

/// The history of the same database, as its service would answer it.
struct Own(Db);

impl Owner for Own {
    async fn history(&self, kind: &str) -> Result<History, Failure> {
        let filter = Filter {
            aggregate_kind: Some(kind.to_owned()),
            ..Filter::default()
        };
        let events = history::list(self.0.pool(), &filter, None, 100_000).await?;
        Ok(futures::stream::iter(events.into_iter().map(|event| Ok(event.canonical))).boxed())
    }
}
