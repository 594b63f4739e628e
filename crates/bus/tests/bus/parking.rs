//! What cannot be applied is set aside, and taken up again.

use store::parked::{self, Dismissal, Which};

use crate::support::{BATCHES, Recorder, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_event_is_parked_with_its_reason_and_only_its_aggregate_waits() {
    let world = World::new().await;
    let recorder = Recorder::default();
    recorder.refuse("batches/1", 2);
    world.append("batches/1", &[1, 2, 3]).await;
    world.append("batches/2", &[1, 2, 3]).await;
    let (_relay, _consumer) = (world.relay(), world.consume(&recorder));
    world.until_applied("batches/2", &[1, 2, 3]).await;
    let parked = world.until_parked("batches/1", &[2, 3]).await;
    assert_eq!(parked[0].1, "told to refuse");
    assert_eq!(parked[1].1, "an earlier event is parked");
    assert_eq!(world.applied("batches/1").await, [1]);

    recorder.refuse_nothing();
    assert_eq!(BATCHES.retry_parked(&world.db, &recorder).await.unwrap(), 2);
    assert_eq!(world.applied("batches/1").await, [1, 2, 3]);
    assert!(world.parked("batches/1").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_running_process_tries_again_what_an_operator_asks_for() {
    let world = World::new().await;
    let recorder = Recorder::default();
    recorder.refuse("batches/1", 1);
    world.append("batches/1", &[1, 2]).await;
    let (_relay, _consumer) = (world.relay(), world.consume(&recorder));
    world.until_parked("batches/1", &[1, 2]).await;
    recorder.refuse_nothing();
    let first = Which::Event(world.parked_id(1).await);
    assert_eq!(parked::ask_retry(world.db.pool(), first).await.unwrap(), 1);
    world.until_applied("batches/1", &[1, 2]).await;
    assert!(world.parked("batches/1").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_aggregate_goes_on_after_a_person_dismissed_the_event_it_waited_for() {
    let world = World::new().await;
    let recorder = Recorder::default();
    recorder.refuse("batches/1", 1);
    world.append("batches/1", &[1, 2]).await;
    let (_relay, _consumer) = (world.relay(), world.consume(&recorder));
    world.until_parked("batches/1", &[1, 2]).await;
    let (first, second) = (world.parked_id(1).await, world.parked_id(2).await);
    let now = world.db.clock().now();
    let mut connection = world.database.owner().await;
    let behind = parked::dismiss(&mut connection, second, "me", "why", now)
        .await
        .unwrap();
    assert!(
        matches!(behind, Dismissal::Behind { earlier: 1, .. }),
        "{behind:?}"
    );
    let done = parked::dismiss(&mut connection, first, "me", "entered by hand", now)
        .await
        .unwrap();
    assert_eq!(done, Dismissal::Done);
    world.until_applied("batches/1", &[2]).await;
    let unknown = parked::dismiss(&mut connection, first, "me", "again", now)
        .await
        .unwrap();
    assert_eq!(unknown, Dismissal::Unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_no_event_are_parked_once_and_nothing_waits_behind_them() {
    let world = World::new().await;
    let recorder = Recorder::default();
    let subject = "cpom.targets.v1.batch.1.indicators_received";
    for body in ["", "{", "\u{0}\u{1}", "{\"id\": 3}", "{"] {
        let sent = world
            .bus
            .context()
            .publish(subject, body.into())
            .await
            .unwrap();
        sent.await.unwrap();
    }
    world.append("batches/1", &[1]).await;
    let (_relay, _consumer) = (world.relay(), world.consume(&recorder));
    world.until_applied("batches/1", &[1]).await;
    let parked = world.until_parked(subject, &[0, 0, 0, 0]).await;
    assert!(
        parked
            .iter()
            .all(|(_, reason)| reason.starts_with("not a CloudEvents envelope"))
    );
}
