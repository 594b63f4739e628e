//! NATS or Postgres away for a while.

use futures::StreamExt as _;
use testkit::{eventually, reason};

use crate::world::{Contract, ENTITY, SITE, World, number, stays, system, value};

#[tokio::test(flavor = "multi_thread")]
async fn batches_are_durable_without_nats_and_their_events_follow_when_it_is_back() {
    let mut world = World::new().await;
    world
        .contract_in_force(&Contract::new(), vec![stays("a", SITE)])
        .await;
    world.service.setup.nats.kill();
    let submission = kernel::new_id();
    let (mut stream, _) = world.open(&system(ENTITY), submission).await.unwrap();
    for sequence in 1..=5 {
        stream
            .send(sequence, vec![value("MCO_STAYS", "2024", number("1"))])
            .await;
        assert_eq!(stream.acknowledgement().await.unwrap().accepted, 1);
    }
    world.service.setup.nats.restart();

    let subject = format!("cpom.targets.v1.submission.{submission}.>");
    let received = eventually("the events are published", || async {
        let context = world.service.running.runtime.bus.context();
        let stream = context.get_stream("CPOM_TARGETS").await.ok()?;
        let config = async_nats::jetstream::consumer::pull::OrderedConfig {
            filter_subject: subject.clone(),
            ..Default::default()
        };
        let consumer = stream.create_consumer(config).await.ok()?;
        let messages = consumer.messages().await.ok()?;
        let messages = messages.take(6).map(|message| {
            bus::Envelope::parse(&message.unwrap().payload)
                .unwrap()
                .version
        });
        let wait = std::time::Duration::from_secs(2);
        tokio::time::timeout(wait, messages.collect::<Vec<i64>>())
            .await
            .ok()
    })
    .await;
    assert_eq!(received, [1, 2, 3, 4, 5, 6]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_waits_out_an_absence_of_postgres() {
    let world = World::new().await;
    world
        .contract_in_force(&Contract::new(), vec![stays("a", SITE)])
        .await;
    let submission = kernel::new_id();
    let (mut stream, _) = world.open(&system(ENTITY), submission).await.unwrap();
    stream
        .send(1, vec![value("MCO_STAYS", "2024", number("1"))])
        .await;
    stream.acknowledgement().await.unwrap();

    world.service.database.cut().await;
    stream
        .send(2, vec![value("MCO_STAYS", "2024", number("2"))])
        .await;
    let status = stream.acknowledgement().await.unwrap_err();
    assert_eq!(reason(&status), "UNAVAILABLE", "{status}");
    world.service.database.restore().await;

    let (mut stream, last) = eventually("Postgres is back", || async {
        world.open(&system(ENTITY), submission).await.ok()
    })
    .await;
    assert_eq!(last, 1);
    stream
        .send(2, vec![value("MCO_STAYS", "2024", number("2"))])
        .await;
    assert!(!stream.acknowledgement().await.unwrap().already_received);
}
