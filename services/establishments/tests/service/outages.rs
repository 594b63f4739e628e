//! Postgres or NATS away for a while.

use testkit::{eventually, reason};
use tonic::Code;

use crate::support::{Registry, header, sites_file, tally};

#[tokio::test(flavor = "multi_thread")]
async fn without_nats_an_import_is_done_and_its_events_wait() {
    let mut registry = Registry::start().await;
    registry.service.setup.nats.kill();
    let report = registry.import(&sites_file(3)).await;
    assert_eq!(tally(report.establishments), [3, 0, 0, 0]);
    assert_eq!(registry.count("outbox").await, 5);
    registry.service.setup.nats.restart();
    let registry = &registry;
    eventually("the events are published", || async move {
        (registry.count("outbox").await == 0).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_postgres_an_import_is_refused_and_can_be_sent_again() {
    let registry = Registry::start().await;
    let header = header();
    let file = sites_file(3).join("\n");
    registry.service.database.cut().await;
    let refused = registry
        .import_with(header.clone(), file.as_bytes())
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::Unavailable, "{refused:?}");
    assert_eq!(reason(&refused), "UNAVAILABLE");
    registry.service.database.restore().await;
    let (registry, header, file) = (&registry, &header, &file);
    let report = eventually("the import is accepted again", || async move {
        registry
            .import_with(header.clone(), file.as_bytes())
            .await
            .ok()
    })
    .await;
    assert_eq!(tally(report.establishments), [3, 0, 0, 0]);
}
