//! Exports of what is rare among many: counted and made piece by piece, resumed where they were, and without a file when they
//! prove too large.
#![expect(
    clippy::unwrap_used,
    reason = "a test without its surroundings cannot go on"
)]

use kernel::new_id;
use proto::history::v1::SavedExport;
use store::{
    By, Db, Role,
    log::{self, Count, Export, Sealed, seal},
    saved::{self, Order, Ordered, Saved, State, Step},
};
use testkit::TestDatabase;
use time::{Duration, OffsetDateTime};
use transparency::SigningKey;
use uuid::Uuid;

use crate::support::{command, connect, database, fact};

/// More events than one piece examines, half a year old.
const MANY: &str = "
    insert into event (id, aggregate_kind, aggregate, version, type, root, region, actor, actor_kind, actor_role,
        recorded_at, canonical, prev_hash, hash)
    select gen_random_uuid(), 'batch', 'filled/' || n, 1, 'cpom.targets.v1.IndicatorsReceived',
        'contracts/2', '93', 'service:filling', 'service', 'service',
        now() - interval '200 days' + n * interval '1 minute', convert_to('{}', 'UTF8'),
        decode(repeat('00', 32), 'hex'), sha256(n::text::bytea)
    from generate_series(1, 50010) as n";

/// Two events of `service:test`, then many, then two of `service:test` and one of `service:last`.
struct World {
    _database: TestDatabase,
    people: Db,
    machine: Db,
}

const SIZE: i64 = 50_015;
/// The last leaf of the first piece.
const FIRST_PIECE: i64 = 49_999;

async fn record(db: &Db, process: &str, aggregate: &str, versions: &[i64], at: OffsetDateTime) {
    let mut unit = db.unit(By::service(process, at)).await.unwrap();
    let facts = versions.iter().map(|version| fact(aggregate, *version));
    unit.append(facts.collect()).await.unwrap();
    unit.done().await.unwrap();
}

impl World {
    async fn new() -> Self {
        let (database, people) = database().await;
        let machine = connect(&database, Role::Machine).await;
        let now = people.clock().now();
        let before = now - Duration::days(200);
        record(&people, "test", "batches/1", &[1, 2], before).await;
        let mut owner = database.owner().await;
        sqlx::query(MANY).execute(&mut owner).await.unwrap();
        record(&people, "test", "batches/2", &[1, 2], now).await;
        record(&people, "last", "batches/3", &[1], now).await;
        let key = SigningKey::new("test.example/log", &[1; 32]).unwrap();
        while seal(&machine, std::slice::from_ref(&key)).await.unwrap() != Sealed::Nothing {}
        Self {
            _database: database,
            people,
            machine,
        }
    }

    async fn ordered(&self, actor: &str, most: i64) -> Saved {
        let order = Order {
            region: None,
            part: of(actor),
            most,
            expires_at: self.people.clock().now() + Duration::days(7),
        };
        let reply = |saved: &Saved| SavedExport {
            name: saved.name(),
            ..Default::default()
        };
        let command = command(&self.people, new_id(), most);
        let ordered = saved::order(&self.people, &command, &order, reply).await;
        let Ordered::Done(reply) = ordered.unwrap() else {
            unreachable!("one is allowed")
        };
        let claimed = saved::claim(&self.machine).await.unwrap().unwrap();
        assert_eq!(claimed.name(), reply.name);
        claimed
    }

    async fn step(&self, export: &Saved) -> Step {
        saved::step(&self.machine, export, 1_000_000).await.unwrap()
    }

    async fn found(&self, id: Uuid) -> Saved {
        let found = saved::find(self.people.pool(), "someone", id).await;
        found.unwrap().unwrap()
    }

    async fn part(&self, id: Uuid, rank: i64) -> Option<Vec<u8>> {
        saved::part(self.people.pool(), id, rank).await.unwrap()
    }

    async fn types(&self, export: &Saved) -> Vec<String> {
        sqlx::query_scalar(
            "select substring(type from '[A-Za-z]+$') from event where aggregate = $1 order by version",
        )
        .bind(export.name())
        .fetch_all(self.people.pool())
        .await
        .unwrap()
    }
}

fn of(actor: &str) -> Export {
    Export {
        tree_size: SIZE,
        actor: Some(actor.to_owned()),
        ..Export::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_rare_is_counted_and_read_piece_by_piece_and_a_period_where_it_is() {
    let world = World::new().await;
    let pool = world.people.pool();
    let rare = of("service:test");
    let first = log::count(pool, &rare, Count::begin(), 10).await.unwrap();
    assert_eq!((first.events, first.next), (2, Some(FIRST_PIECE)));
    let second = log::count(pool, &rare, first, 10).await.unwrap();
    assert_eq!((second.events, second.next), (4, None));
    assert_eq!(log::count(pool, &rare, second, 10).await.unwrap(), second);
    assert_eq!(log::size_of(pool, &rare, 3).await.unwrap(), 3);
    assert_eq!(
        log::size_of(
            pool,
            &Export {
                tree_size: 40,
                ..rare.clone()
            },
            9
        )
        .await
        .unwrap(),
        2
    );

    let (mut places, mut pieces, mut next) = (Vec::new(), 0, Some(-1));
    while let Some(after) = next {
        let piece = log::export(pool, &rare, after, 500).await.unwrap();
        places.extend(piece.leaves.iter().map(|leaf| leaf.leaf_index));
        pieces += 1;
        next = piece.next;
    }
    assert_eq!((places, pieces), (vec![0, 1, 50_012, 50_013], 2));
    let one = log::export(pool, &rare, -1, 1).await.unwrap();
    assert_eq!((one.leaves.len(), one.next), (1, Some(0)));

    let lately = Export {
        tree_size: SIZE,
        start: Some(world.people.clock().now() - Duration::days(1)),
        ..Export::default()
    };
    let piece = log::export(pool, &lately, -1, 500).await.unwrap();
    let places: Vec<i64> = piece.leaves.iter().map(|leaf| leaf.leaf_index).collect();
    assert_eq!((places, piece.next), (vec![50_012, 50_013, 50_014], None));
    let nobody = log::export(pool, &of("service:nobody"), FIRST_PIECE, 500).await;
    let nobody = nobody.unwrap();
    assert!(nobody.leaves.is_empty() && nobody.next.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_keeps_how_far_it_came_and_ends_without_a_file_when_it_is_too_large() {
    let world = World::new().await;
    let last = world.ordered("service:last", 1).await;
    // Nothing is found in the first piece: how far it came is kept all the same.
    assert_eq!(world.step(&last).await, Step::Part);
    assert_eq!(world.found(last.id).await.reached, FIRST_PIECE);
    assert_eq!(world.part(last.id, 0).await, None);
    while world.step(&last).await != Step::Ready {}
    let ready = world.found(last.id).await;
    assert_eq!((ready.state, ready.events), (State::Ready, 1));
    let line = String::from_utf8(world.part(last.id, 0).await.unwrap()).unwrap();
    assert!(line.starts_with("{\"leafIndex\":50014,"), "{line}");

    let large = world.ordered("service:test", 3).await;
    assert_eq!(world.step(&large).await, Step::Part);
    assert!(world.part(large.id, 0).await.is_some());
    assert_eq!(world.step(&large).await, Step::Ready);
    let refused = world.found(large.id).await;
    assert_eq!((refused.state, refused.events), (State::TooLarge, 0));
    assert_eq!(world.part(large.id, 0).await, None);
    assert_eq!(
        world.types(&large).await,
        ["SavedExportOrdered", "SavedExportRefused"]
    );
    assert_eq!(world.step(&large).await, Step::Ready);
    assert_eq!(world.found(large.id).await.version, 2);
    assert!(saved::claim(&world.machine).await.unwrap().is_none());

    let whole = world.ordered("service:test", 4).await;
    while world.step(&whole).await != Step::Ready {}
    let whole = world.found(whole.id).await;
    assert_eq!((whole.state, whole.events), (State::Ready, 4));
}
