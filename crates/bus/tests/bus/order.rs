//! Whatever the broker does, each aggregate's events are applied once and in order.

use crate::support::{Recorder, World};

#[tokio::test(flavor = "multi_thread")]
async fn events_published_twice_have_one_effect() {
    let world = World::new().await;
    world.append("batches/1", &[1, 2]).await;
    let (_relay, _consumer) = (world.relay(), world.consume(&Recorder::default()));
    world.until_applied("batches/1", &[1, 2]).await;
    world.publish("batches/1", 1).await;
    world.publish("batches/1", 2).await;
    world.append("batches/1", &[3]).await;
    world.until_applied("batches/1", &[1, 2, 3]).await;
    assert!(world.parked("batches/1").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_arrive_in_the_wrong_order_are_applied_in_the_right_one() {
    let world = World::new().await;
    world.append("batches/1", &[1, 2, 3]).await;
    let _consumer = world.consume(&Recorder::default());
    for version in [3, 2, 1] {
        world.publish("batches/1", version).await;
    }
    world.until_applied("batches/1", &[1, 2, 3]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_comes_late_is_waited_for() {
    let world = World::new().await;
    world.append("batches/1", &[1, 2]).await;
    let _consumer = world.consume(&Recorder::default());
    world.publish("batches/1", 2).await;
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    assert!(world.applied("batches/1").await.is_empty());
    world.publish("batches/1", 1).await;
    world.until_applied("batches/1", &[1, 2]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_replicas_share_the_work_without_applying_anything_twice() {
    let world = World::new().await;
    let _relay = world.relay();
    let recorder = Recorder::default();
    let _replicas = (world.consume(&recorder), world.consume(&recorder));
    let versions: Vec<i64> = (1..=40).collect();
    for version in &versions {
        for aggregate in ["batches/1", "batches/2", "batches/3"] {
            world.append(aggregate, &[*version]).await;
        }
    }
    for aggregate in ["batches/1", "batches/2", "batches/3"] {
        world.until_applied(aggregate, &versions).await;
    }
}
