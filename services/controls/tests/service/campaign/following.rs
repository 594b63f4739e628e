//! Following a campaign, and going on after the stream was lost.

use proto::controls::v1::WatchCampaignRequest;
use sqlx::Executor as _;
use tonic::Streaming;

use super::*;
use crate::common::TestContract;

/// Enough for several chunks.
fn population() -> Vec<TestContract> {
    (0..250).map(|_| contract().conforming()).collect()
}

/// Follows from the state that was seen last, if any.
async fn follow(world: &World, name: &str, after: &str) -> Streaming<pb::Campaign> {
    let request = WatchCampaignRequest {
        name: name.to_owned(),
        after: after.to_owned(),
    };
    let stream = world.campaigns().watch_campaign(request).await.unwrap();
    stream.into_inner()
}

/// Everything a stream tells until it ends.
async fn rest(mut stream: Streaming<pb::Campaign>) -> Vec<pb::Campaign> {
    let mut told = vec![];
    while let Some(campaign) = stream.message().await.unwrap() {
        told.push(campaign);
    }
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn following_a_campaign_shows_its_progress_and_ends_when_it_is_measured() {
    let world = World::with(&population()).await;
    world.peers.gate.forget_permits(100_000);
    let started = world.started().await;
    let mut progress = follow(&world, &started.name, "").await;
    let mut seen = vec![];
    while let Some(campaign) = progress.message().await.unwrap() {
        seen.push((campaign.progress.unwrap().measured, campaign.state()));
        // Each time something was shown, one more chunk may be measured.
        world.peers.gate.add_permits(1);
    }
    assert_eq!(seen.first(), Some(&(0, pb::CampaignState::Running)));
    assert_eq!(seen.last(), Some(&(250, pb::CampaignState::Measured)));
    assert!(seen.len() >= 4, "{seen:?}");
    assert!(seen.is_sorted_by_key(|(measured, _)| *measured));

    // Following what is over shows it once.
    let over = rest(follow(&world, &started.name, "").await).await;
    assert_eq!(over.len(), 1);
    // And nothing to who has seen it.
    let again = follow(&world, &started.name, &over[0].position).await;
    assert!(rest(again).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lost_the_stream_goes_on_after_what_it_saw_last_and_misses_nothing() {
    let world = World::with(&population()).await;
    world.peers.gate.forget_permits(100_000);
    let started = world.started().await;
    let mut first = follow(&world, &started.name, "").await;
    let seen = first.message().await.unwrap().unwrap();
    drop(first);

    // Nothing happened: nothing is told until something does.
    let mut waiting = follow(&world, &started.name, &seen.position).await;
    let silence = std::time::Duration::from_millis(600);
    let told = tokio::time::timeout(silence, waiting.message()).await;
    assert!(told.is_err(), "{told:?}");
    world.peers.gate.add_permits(1);
    let next = waiting.message().await.unwrap().unwrap();
    assert_eq!(next.progress.unwrap().measured, 100);
    drop(waiting);

    // What happened while nobody watched is told at once, and by another process as well.
    world.peers.gate.add_permits(100);
    world.until_measured(&started.name).await;
    let other = world
        .setup
        .start_on(&world.database, &controls::DEFINITION, controls::start)
        .await;
    let peer = world.setup.peer(&other, &crate::common::controller());
    let request = WatchCampaignRequest {
        name: started.name,
        after: next.position.clone(),
    };
    let stream = CampaignServiceClient::new(peer)
        .watch_campaign(request)
        .await
        .unwrap()
        .into_inner();
    let told = rest(stream).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].state(), pb::CampaignState::Measured);
    assert_eq!(told[0].progress.unwrap().measured, 250);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_that_is_late_is_followed_until_it_is_measured_too() {
    let world = World::with(&[contract().conforming()]).await;
    world.listening().await;
    let shared = world.shared().await;
    // The worker cannot write, so that there is something to follow.
    let mut owner = world.database.owner().await;
    owner
        .execute("begin; lock table finding in exclusive mode")
        .await
        .unwrap();
    let late = contract().deviating();
    crate::common::hold(&world.peers, &late);
    world.publish(&late.targets_in_effect()).await;
    eventually("its targets are copied", || async {
        (world.count("select count(*) from target_set_copy").await == 2).then_some(())
    })
    .await;
    world.publish(&late.in_force()).await;
    eventually("the contract is listed as late", || async {
        (world.count("select count(*) from late_contract").await == 1).then_some(())
    })
    .await;
    let mut stream = follow(&world, &shared.name, &shared.position).await;
    let listed = stream.message().await.unwrap().unwrap();
    assert_eq!(listed.state(), pb::CampaignState::Shared);
    assert_eq!(
        listed.progress.map(|p| (p.contracts, p.measured)),
        Some((2, 1))
    );
    owner.execute("rollback").await.unwrap();
    let told = rest(stream).await;
    let last = told.last().unwrap().progress.unwrap();
    assert_eq!((last.contracts, last.measured), (2, 2));
}
