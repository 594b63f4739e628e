//! Saved exports: made part by part, whoever dies meanwhile, and deleted in time.
#![expect(
    clippy::unwrap_used,
    reason = "a test without its surroundings cannot go on"
)]

use kernel::{Clock, new_id};
use proto::history::v1::SavedExport;
use sha2::{Digest as _, Sha256};
use sqlx::Row as _;
use store::{
    Db, Role,
    log::{self, Export, Sealed, seal},
    saved::{self, Order, Ordered, Saved, State, Step},
};
use testkit::TestDatabase;
use time::{Duration, macros::datetime};
use transparency::SigningKey;
use uuid::Uuid;

use crate::support::{DEFINITION, append, command, region};

/// A database with forty sealed events, seen by people and by two replicas.
struct World {
    _database: TestDatabase,
    clock: Clock,
    people: Db,
    machine: Db,
}

const WHO: &str = "someone";

impl World {
    async fn new() -> Self {
        let database = TestDatabase::new(&DEFINITION).await;
        let clock = Clock::manual(datetime!(2026-01-05 08:00 UTC));
        let connect = |role| Db::connect(&database.url, role, 4, clock.clone());
        let people = connect(Role::App).await.unwrap();
        let machine = connect(Role::Machine).await.unwrap();
        let versions: Vec<i64> = (1..=40).collect();
        append(&people, "batches/1", &versions).await.unwrap();
        let key = SigningKey::new("test.example/log", &[1; 32]).unwrap();
        while seal(&machine, std::slice::from_ref(&key)).await.unwrap() != Sealed::Nothing {}
        Self {
            _database: database,
            clock,
            people,
            machine,
        }
    }

    async fn order(&self, request_id: Uuid) -> Ordered<SavedExport> {
        let order = Order {
            region: Some(region()),
            part: Export {
                tree_size: 40,
                regions: Some(vec!["93".to_owned()]),
                ..Export::default()
            },
            most: 1_000,
            expires_at: self.clock.now() + Duration::days(7),
        };
        let reply = |saved: &Saved| SavedExport {
            name: saved.name(),
            ..Default::default()
        };
        saved::order(
            &self.people,
            &command(&self.people, request_id, 1),
            &order,
            reply,
        )
        .await
        .unwrap()
    }

    async fn ordered(&self) -> Saved {
        let Ordered::Done(reply) = self.order(new_id()).await else {
            unreachable!("one more is allowed")
        };
        let id = reply.name.strip_prefix("savedExports/").unwrap();
        self.found(id.parse().unwrap()).await
    }

    async fn found(&self, id: Uuid) -> Saved {
        let found = saved::find(self.people.pool(), WHO, id).await.unwrap();
        found.unwrap()
    }

    async fn until_ready(&self, export: &Saved, part_bytes: usize) {
        while saved::step(&self.machine, export, part_bytes)
            .await
            .unwrap()
            != Step::Ready
        {}
    }

    /// The file and its number of parts.
    async fn file(&self, id: Uuid) -> (Vec<u8>, i64) {
        let (mut file, mut rank) = (Vec::new(), 0);
        while let Some(part) = saved::part(self.people.pool(), id, rank).await.unwrap() {
            file.extend(part);
            rank += 1;
        }
        (file, rank)
    }

    /// The types of the events of an export, in their order.
    async fn steps(&self, export: &Saved) -> Vec<String> {
        let rows = sqlx::query("select type from event where aggregate = $1 order by version")
            .bind(export.name())
            .fetch_all(self.people.pool())
            .await
            .unwrap();
        let name = |kind: &str| kind.rsplit('.').next().unwrap().to_owned();
        rows.iter().map(|row| name(row.get("type"))).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_replica_goes_on_where_the_first_died_and_the_file_is_the_same() {
    let world = World::new().await;
    let export = world.ordered().await;
    let first = saved::claim(&world.machine).await.unwrap().unwrap();
    assert_eq!(first.id, export.id);
    // It keeps two parts and dies. While it may live, nobody else takes the work up.
    for _ in 0..2 {
        let step = saved::step(&world.machine, &first, 3_000).await.unwrap();
        assert_eq!(step, Step::Part);
    }
    assert!(saved::claim(&world.machine).await.unwrap().is_none());
    assert_eq!(world.found(export.id).await.state, State::Ordered);
    world.clock.advance(Duration::minutes(2));
    let second = saved::claim(&world.machine).await.unwrap().unwrap();
    assert_eq!(second.id, export.id);
    world.until_ready(&second, 3_000).await;

    let ready = world.found(export.id).await;
    let (file, parts) = world.file(export.id).await;
    assert!(parts > 2, "{parts}");
    assert_eq!((ready.state, ready.events), (State::Ready, 40));
    assert_eq!(ready.bytes, i64::try_from(file.len()).unwrap());
    assert_eq!(ready.sha256, Sha256::digest(&file).to_vec());
    let text = String::from_utf8(file).unwrap();
    for (place, line) in text.lines().enumerate() {
        assert!(
            line.starts_with(&format!("{{\"leafIndex\":{place},\"leaf\":\"")),
            "{line}"
        );
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(json["event"]["subject"], "batches/1");
    }
    assert_eq!(text.lines().count(), 40);

    // The first was only slow: what it still does changes nothing.
    world.until_ready(&first, 3_000).await;
    assert_eq!(world.found(export.id).await.version, 2);
    assert_eq!(
        world.steps(&export).await,
        ["SavedExportOrdered", "SavedExportFinished"]
    );

    // Made at one go, the same scope under the same checkpoint is the same file.
    let again = world.ordered().await;
    let claimed = saved::claim(&world.machine).await.unwrap().unwrap();
    world.until_ready(&claimed, 1_000_000).await;
    let again = world.found(again.id).await;
    assert_eq!(again.sha256, ready.sha256);
    assert_eq!(world.file(again.id).await.1, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_deleted_when_its_time_is_over_and_that_it_was_stays_on_record() {
    let world = World::new().await;
    let export = world.ordered().await;
    let claimed = saved::claim(&world.machine).await.unwrap().unwrap();
    world.until_ready(&claimed, 10_000).await;
    saved::expire(&world.machine).await.unwrap();
    assert_eq!(world.found(export.id).await.state, State::Ready);
    let never_made = world.ordered().await;
    world.clock.advance(Duration::days(7));
    saved::expire(&world.machine).await.unwrap();
    saved::expire(&world.machine).await.unwrap();
    let gone = world.found(export.id).await;
    assert_eq!((gone.state, gone.events), (State::Expired, 40));
    assert_eq!(world.file(export.id).await, (Vec::new(), 0));
    assert_eq!(
        world.steps(&export).await,
        [
            "SavedExportOrdered",
            "SavedExportFinished",
            "SavedExportExpired"
        ]
    );
    assert_eq!(
        world.steps(&never_made).await,
        ["SavedExportOrdered", "SavedExportExpired"]
    );
    assert!(saved::claim(&world.machine).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_order_is_one_and_nobody_orders_without_end() {
    let world = World::new().await;
    let request_id = new_id();
    let (first, again) = (world.order(request_id).await, world.order(request_id).await);
    let (Ordered::Done(first), Ordered::Done(again)) = (first, again) else {
        unreachable!("one is allowed")
    };
    assert_eq!(first, again);
    for _ in 1..saved::MOST_KEPT {
        world.ordered().await;
    }
    assert!(matches!(world.order(new_id()).await, Ordered::Full));
    let all = saved::list(world.people.pool(), WHO, None, 200)
        .await
        .unwrap();
    assert_eq!(i64::try_from(all.len()).unwrap(), saved::MOST_KEPT);
    let others = saved::list(world.people.pool(), "another", None, 200).await;
    assert!(others.unwrap().is_empty());
    // The events of these orders are not part of what they order.
    let covered = Export {
        tree_size: 40,
        ..Export::default()
    };
    assert_eq!(
        log::size_of(world.people.pool(), &covered, 100)
            .await
            .unwrap(),
        40
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_lets_nobody_rewrite_an_export() {
    let world = World::new().await;
    let export = world.ordered().await;
    world.until_ready(&export, 10_000).await;
    for (who, attempt) in [
        (&world.people, "update saved_export set state = 'ordered'"),
        (&world.people, "delete from saved_export_part"),
        (&world.people, "update saved_export_part set content = ''"),
        (&world.machine, "update saved_export_part set content = ''"),
        (&world.machine, "update saved_export set expires_at = now()"),
        (
            &world.machine,
            "insert into saved_export select * from saved_export",
        ),
        (&world.machine, "delete from saved_export"),
    ] {
        let refused = sqlx::query(attempt).execute(who.pool()).await.unwrap_err();
        let code = refused
            .into_database_error()
            .unwrap()
            .code()
            .unwrap()
            .into_owned();
        assert_eq!(code, "42501", "{attempt}");
    }
}
