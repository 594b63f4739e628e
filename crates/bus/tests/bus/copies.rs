//! Copies are built from the owner's history.

use testkit::eventually;

use crate::support::{Recorder, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_copy_has_what_the_broker_no_longer_holds() {
    let mut world = World::new().await;
    world.append("batches/1", &[1, 2, 3]).await;
    {
        let _relay = world.relay();
        eventually("published", || async {
            let left: i64 = sqlx::query_scalar("select count(*) from outbox")
                .fetch_one(world.db.pool())
                .await
                .ok()?;
            (left == 0).then_some(())
        })
        .await;
    }
    world.nats.lose_everything();
    eventually("the stream", || async {
        world.bus.ensure_stream("targets").await.ok()
    })
    .await;
    let (_relay, _consumer) = (
        world.relay(),
        world.consume_from_owner(&Recorder::default()),
    );
    world.until_applied("batches/1", &[1, 2, 3]).await;
    world.append("batches/1", &[4]).await;
    world.until_applied("batches/1", &[1, 2, 3, 4]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_was_complete_is_completed_again_when_the_stream_was_lost() {
    let mut world = World::new().await;
    let recorder = Recorder::default();
    {
        let (_relay, _consumer) = (world.relay(), world.consume_from_owner(&recorder));
        world.append("batches/1", &[1]).await;
        world.until_applied("batches/1", &[1]).await;
        // While nobody consumes, the next two are published and lost with the broker.
    }
    {
        let _relay = world.relay();
        world.append("batches/1", &[2, 3]).await;
        eventually("published", || async {
            let left: i64 = sqlx::query_scalar("select count(*) from outbox")
                .fetch_one(world.db.pool())
                .await
                .ok()?;
            (left == 0).then_some(())
        })
        .await;
    }
    world.nats.lose_everything();
    eventually("the stream", || async {
        world.bus.ensure_stream("targets").await.ok()
    })
    .await;
    let (_relay, _consumer) = (world.relay(), world.consume_from_owner(&recorder));
    world.until_applied("batches/1", &[1, 2, 3]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_history_holds_and_cannot_be_applied_is_parked_with_what_follows() {
    let world = World::new().await;
    let recorder = Recorder::default();
    recorder.refuse("batches/1", 1);
    world.append("batches/1", &[1, 2]).await;
    world.append("batches/2", &[1]).await;
    let _consumer = world.consume_from_owner(&recorder);
    world.until_applied("batches/2", &[1]).await;
    world.until_parked("batches/1", &[1, 2]).await;
}
