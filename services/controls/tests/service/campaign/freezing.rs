//! When the data of a campaign cannot be frozen.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn data_are_not_frozen_while_the_copies_are_not_built() {
    let (setup, peers) = World::surroundings().await;
    hold(&peers, &contract().conforming());
    peers.history_away.store(true, Ordering::SeqCst);
    let (running, database) = setup.start(&controls::DEFINITION, controls::start).await;
    let world = World {
        setup,
        peers,
        database,
        running,
    };
    let planned = world.planned().await;
    let refused = world
        .campaigns()
        .freeze_campaign(freeze(&planned))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::FailedPrecondition, "COPY_NOT_READY".into())
    );
    assert!(refused.get_details_retry_info().is_some());

    world.peers.history_away.store(false, Ordering::SeqCst);
    world.bootstrapped().await;
    let campaign = world
        .campaigns()
        .freeze_campaign(freeze(&planned))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(campaign.progress.unwrap().contracts, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn data_are_not_frozen_while_an_event_is_on_its_way() {
    let world = World::with(&[contract().conforming()]).await;
    world.listening().await;
    let planned = world.planned().await;
    // In force for its owner; the events have not been published yet.
    let late = contract().deviating();
    hold(&world.peers, &late);
    let refused = world
        .campaigns()
        .freeze_campaign(freeze(&planned))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::FailedPrecondition, "COPY_BEHIND".into())
    );
    assert!(refused.get_details_retry_info().is_some());

    let events = world.peers.events.lock().unwrap().clone();
    let bus = &world.running.runtime.bus;
    let publish = |kind: &'static str| {
        let of_late = events.iter().rfind(|e| e.kind == kind).unwrap().clone();
        async move {
            let body = of_late.event.canonical.into();
            bus.context()
                .publish(of_late.subject, body)
                .await
                .unwrap()
                .await
                .unwrap();
        }
    };
    publish("contract").await;
    // Known now, but not its targets: still refused.
    eventually("the contract is copied", || async {
        (world.count("select count(*) from contract_copy").await == 2).then_some(())
    })
    .await;
    let refused = world
        .campaigns()
        .freeze_campaign(freeze(&planned))
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "COPY_BEHIND");
    publish("target_set").await;
    let campaign = eventually("the data are frozen", || async {
        world
            .campaigns()
            .freeze_campaign(freeze(&planned))
            .await
            .ok()
    })
    .await
    .into_inner();
    assert_eq!(campaign.progress.unwrap().contracts, 2);
    world
        .campaigns()
        .start_campaign(start(&campaign))
        .await
        .unwrap();
    assert_eq!(
        world
            .until_measured(&planned.name)
            .await
            .progress
            .unwrap()
            .deviating,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn data_are_not_frozen_when_the_owner_of_the_contracts_is_away() {
    let world = World::with(&[contract().conforming()]).await;
    let planned = world.planned().await;
    world.peers.history_away.store(true, Ordering::SeqCst);
    let refused = world
        .campaigns()
        .freeze_campaign(freeze(&planned))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::Unavailable, "UNAVAILABLE".into())
    );
}
