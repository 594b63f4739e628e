#![expect(
    clippy::unwrap_used,
    reason = "a test without its surroundings cannot go on"
)]

use kernel::{Actor, ActorKind, Clock, Region};
use kit::Definition;
use proto::targets::v1::IndicatorsReceived;
use sqlx::migrate::Migrator;
use store::{By, Command, Db, Fact, Role};
use testkit::TestDatabase;
use uuid::Uuid;

static NO_MIGRATIONS: Migrator = Migrator::DEFAULT;

/// A service that has nothing of its own.
pub(crate) static DEFINITION: Definition = Definition {
    name: "targets",
    migrations: &NO_MIGRATIONS,
    authorization: "",
};

pub(crate) async fn database() -> (TestDatabase, Db) {
    let database = TestDatabase::new(&DEFINITION).await;
    let db = connect(&database, Role::App).await;
    (database, db)
}

pub(crate) async fn connect(database: &TestDatabase, role: Role) -> Db {
    Db::connect(&database.url, role, 8, Clock::system())
        .await
        .unwrap()
}

pub(crate) fn region() -> Region {
    "93".parse().unwrap()
}

/// What happened, at this step.
pub(crate) fn message(sequence: i64) -> IndicatorsReceived {
    IndicatorsReceived {
        region: "93".into(),
        sequence,
        ..Default::default()
    }
}

pub(crate) fn fact(aggregate: &str, version: i64) -> Fact {
    Fact::new(
        "batch",
        aggregate,
        version,
        "contracts/1",
        region(),
        &message(version),
    )
    .unwrap()
}

/// Appends steps in one unit of the suite.
pub(crate) async fn append(db: &Db, aggregate: &str, versions: &[i64]) -> Result<(), store::Error> {
    let mut unit = db.unit(By::service("test", db.clock().now())).await?;
    unit.append(versions.iter().map(|v| fact(aggregate, *v)).collect())
        .await?;
    unit.done().await
}

/// A request of a person.
pub(crate) fn command(db: &Db, request_id: Uuid, content: i64) -> Command {
    let actor = Actor {
        subject: "someone".into(),
        kind: ActorKind::Human,
        role: "manager".into(),
    };
    Command::new(
        actor,
        "Service/Method",
        request_id,
        &message(content),
        db.clock().now(),
    )
}
