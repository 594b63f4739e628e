//! NATS or Postgres away, and processes that stop midway.

use std::time::Duration;

use bus::Bus;
use sqlx::Row as _;
use testkit::eventually;
use tokio::{task::JoinSet, time::sleep};
use tokio_util::sync::CancellationToken;

use crate::support::{Recorder, World, append, connect};

/// Two relays that die now and then between the publication and the deletion, a broker that is killed three
/// times, writers that go on meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_doubled_or_reordered_while_nats_is_killed_and_relays_die() {
    let mut world = World::new().await;
    let stop = CancellationToken::new();
    for replica in 0..2 {
        let (database, url, stop) = (world.database.clone(), world.nats.url(), stop.clone());
        tokio::spawn(async move {
            let db = connect(&database).await;
            let bus = Bus::connect(&url, "relay", true).await.unwrap();
            while !stop.is_cancelled() {
                // Dropped midway: some of what was published is still in the outbox.
                let lifetime = Duration::from_millis(150 + 70 * replica);
                let dying = bus::relay(db.clone(), bus.clone(), CancellationToken::new());
                let _died = tokio::time::timeout(lifetime, dying).await;
            }
        });
    }
    let _consumer = world.consume(&Recorder::default());
    let mut writers = JoinSet::new();
    for writer in 0..4 {
        let db = world.db.clone();
        writers.spawn(async move {
            for version in 1..=50 {
                append(&db, &format!("batches/{writer}"), &[version]).await;
                sleep(Duration::from_millis(20)).await;
            }
        });
    }
    for _ in 0..3 {
        sleep(Duration::from_millis(300)).await;
        world.nats.kill();
        sleep(Duration::from_millis(200)).await;
        world.nats.restart();
    }
    writers.join_all().await;
    let versions: Vec<i64> = (1..=50).collect();
    for writer in 0..4 {
        let aggregate = format!("batches/{writer}");
        for _ in 0..4 {
            if world.applied(&aggregate).await == versions {
                break;
            }
            sleep(Duration::from_secs(5)).await;
        }
        world.until_applied(&aggregate, &versions).await;
    }
    stop.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn events_wait_in_the_outbox_while_nats_is_away() {
    let mut world = World::new().await;
    world.nats.kill();
    let (_relay, _consumer) = (world.relay(), world.consume(&Recorder::default()));
    world.append("batches/1", &[1, 2]).await;
    sleep(Duration::from_millis(500)).await;
    let waiting: i64 = sqlx::query("select count(*) as waiting from outbox")
        .fetch_one(world.db.pool())
        .await
        .unwrap()
        .get("waiting");
    assert_eq!(waiting, 2);
    world.nats.restart();
    world.until_applied("batches/1", &[1, 2]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_wait_for_postgres_without_losing_an_attempt() {
    let world = World::new().await;
    let (_relay, _consumer) = (world.relay(), world.consume(&Recorder::default()));
    world.append("batches/1", &[1]).await;
    world.until_applied("batches/1", &[1]).await;
    world.append("batches/1", &[2, 3]).await;
    world.database.cut().await;
    sleep(Duration::from_secs(1)).await;
    world.database.restore().await;
    eventually("Postgres answers again", || async {
        world.db.ping().await.ok()
    })
    .await;
    world.until_applied("batches/1", &[1, 2, 3]).await;
    assert!(world.parked("batches/1").await.is_empty());
}
