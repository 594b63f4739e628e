//! Streams and durables have the settings of the code, and keep those of the operator.

use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, pull};
use bus::stream_name;

use crate::support::{BATCHES, Recorder, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_durable_with_old_settings_gets_the_new_ones_and_keeps_its_place() {
    let world = World::new().await;
    let stream = world
        .bus
        .context()
        .get_stream(stream_name("targets"))
        .await
        .unwrap();
    let old = pull::Config {
        durable_name: Some(BATCHES.name.to_owned()),
        filter_subject: "cpom.targets.v1.batch.>".to_owned(),
        ack_policy: AckPolicy::Explicit,
        ack_wait: Duration::from_secs(77),
        max_deliver: 2,
        max_ack_pending: 1,
        ..Default::default()
    };
    stream.create_consumer(old).await.unwrap();
    world.append("batches/1", &[1, 2]).await;
    let (_relay, _consumer) = (world.relay(), world.consume(&Recorder::default()));
    world.until_applied("batches/1", &[1, 2]).await;
    let config = stream.consumer_info(BATCHES.name).await.unwrap().config;
    assert_eq!(config.max_deliver, -1);
    assert!(config.max_ack_pending > 1);
    assert_ne!(config.ack_wait, Duration::from_secs(77));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_operator_decided_of_a_stream_stays() {
    let world = World::new().await;
    let name = stream_name("targets");
    let mut config = world
        .bus
        .context()
        .get_stream(&name)
        .await
        .unwrap()
        .cached_info()
        .config
        .clone();
    config.max_bytes = 50_000_000;
    config.max_age = Duration::from_hours(1);
    world.bus.context().update_stream(config).await.unwrap();
    world.bus.ensure_stream("targets").await.unwrap();
    let kept = world
        .bus
        .context()
        .get_stream(&name)
        .await
        .unwrap()
        .cached_info()
        .config
        .clone();
    assert_eq!(kept.max_bytes, 50_000_000);
    assert!(
        kept.max_age > Duration::from_hours(1),
        "the age is decided by the code"
    );
}
