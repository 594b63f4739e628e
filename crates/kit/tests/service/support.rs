#![expect(
    clippy::unwrap_used,
    reason = "a test without its surroundings cannot go on"
)]

use kernel::Region;
use kit::{Definition, Routes, RoutesBuilder, Runtime};
use proto::{
    history::v1::history_service_client::HistoryServiceClient, targets::v1::IndicatorsReceived,
};
use rpc::client::Peer;
use sqlx::migrate::Migrator;
use store::{By, Db, Fact, Unit};
use testkit::{Persona, TestService};

static NO_MIGRATIONS: Migrator = Migrator::DEFAULT;

pub(crate) static DEFINITION: Definition = Definition {
    name: "targets",
    migrations: &NO_MIGRATIONS,
    // Careless on purpose: an establishment must not read the history even so.
    authorization: r#"
["cpom.history.v1.HistoryService"]
ListEvents = { permission = "history.read", roles = ["auditor", "establishment_director"] }
StreamEvents = { permission = "history.replay", roles = ["auditor", "service", "establishment_system"] }
["cpom.history.v1.ProofService"]
GetCheckpoint = { permission = "history.prove", roles = ["auditor"] }
ListCheckpoints = { permission = "history.prove", roles = ["auditor"] }
GetInclusionProof = { permission = "history.read", roles = ["auditor", "establishment_director"] }
GetConsistencyProof = { permission = "history.prove", roles = ["auditor"] }
GetSubtreeHashes = { permission = "history.prove", roles = ["auditor"] }
ExportEvents = { permission = "history.export", roles = ["auditor", "establishment_director"] }
["cpom.history.v1.SavedExportService"]
CreateSavedExport = { permission = "history.export", roles = ["auditor", "manager", "establishment_director"], human = true }
GetSavedExport = { permission = "history.export", roles = ["auditor", "manager", "establishment_director"], human = true }
ListSavedExports = { permission = "history.export", roles = ["auditor", "manager", "establishment_director"], human = true }
DownloadSavedExport = { permission = "history.export", roles = ["auditor", "manager", "establishment_director"], human = true }
["cpom.history.v1.AuditService"]
ListReads = { permission = "audits.read", roles = ["auditor"] }
"#,
};

pub(crate) async fn start(_: Runtime) -> anyhow::Result<Routes> {
    Ok(RoutesBuilder::default().routes())
}

pub(crate) async fn service() -> TestService {
    TestService::start(&DEFINITION, start).await
}

pub(crate) fn history(service: &TestService, persona: &Persona) -> HistoryServiceClient<Peer> {
    HistoryServiceClient::new(service.peer(persona))
}

pub(crate) fn auditor() -> Persona {
    Persona::human("auditor").region("*")
}

/// Appends `count` events to one aggregate of a region.
pub(crate) async fn append(db: &Db, region: &str, aggregate: &str, count: i64) {
    append_to(db, (region, "contracts/1"), aggregate, count).await;
}

/// Appends `count` events to one aggregate of a contract.
pub(crate) async fn append_under(db: &Db, root: &str, aggregate: &str, count: i64) {
    append_to(db, ("93", root), aggregate, count).await;
}

/// Appends one event to an aggregate, which takes its place in the history and is not committed.
pub(crate) async fn open(db: &Db, aggregate: &str) -> Unit {
    let region: Region = "93".parse().unwrap();
    let data = IndicatorsReceived::default();
    let fact = Fact::new("batch", aggregate, 1, "contracts/1", region, &data).unwrap();
    let mut unit = db
        .unit(By::service("test", db.clock().now()))
        .await
        .unwrap();
    unit.append(vec![fact]).await.unwrap();
    unit
}

async fn append_to(db: &Db, (region, root): (&str, &str), aggregate: &str, count: i64) {
    let region: Region = region.parse().unwrap();
    let facts = (1..=count).map(|version| {
        let data = IndicatorsReceived {
            sequence: version,
            ..Default::default()
        };
        Fact::new("batch", aggregate, version, root, region, &data).unwrap()
    });
    let mut unit = db
        .unit(By::service("test", db.clock().now()))
        .await
        .unwrap();
    unit.append(facts.collect()).await.unwrap();
    unit.done().await.unwrap();
}
