//! The population of a campaign, proved against its owner: late contracts are listed, and controlled while they can be.

use crate::common::{World, close, contract, hold, start};
use proto::controls::v1 as pb;
use testkit::eventually;

async fn check(world: &World, campaign: &pb::Campaign) -> pb::PopulationCheck {
    let request = pb::CheckPopulationRequest {
        name: campaign.name.clone(),
    };
    let checked = world.campaigns().check_population(request).await;
    checked.unwrap().into_inner()
}

async fn late(world: &World, campaign: &pb::Campaign) -> Vec<pb::LateContract> {
    let request = pb::ListLateContractsRequest {
        campaign: campaign.name.clone(),
        ..Default::default()
    };
    let listed = world.campaigns().list_late_contracts(request).await;
    listed.unwrap().into_inner().late_contracts
}

#[tokio::test(flavor = "multi_thread")]
async fn the_population_is_proved_against_what_the_owner_of_the_contracts_tells() {
    let world = World::with(&[
        contract().conforming(),
        contract().deviating(),
        contract().over("2019-01-01", "2023-12-31").conforming(),
        contract().region("94").conforming(),
    ])
    .await;
    let frozen = world.frozen().await;
    let proof = check(&world, &frozen).await;
    assert_eq!((proof.expected, proof.listed, proof.late), (2, 2, 0));
    assert!(proof.complete);

    // A contract that its owner holds, and whose event has not arrived: it is missing, and named.
    let unheard = contract().conforming();
    hold(&world.peers, &unheard);
    let proof = check(&world, &frozen).await;
    assert_eq!((proof.expected, proof.listed), (3, 2));
    assert_eq!(proof.missing, [unheard.name]);
    assert!(!proof.complete);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_that_becomes_known_after_the_freeze_is_listed_with_its_reason_and_controlled() {
    let world = World::with(&[contract().conforming()]).await;
    world.listening().await;
    let frozen = world.frozen().await;
    let campaigns = &mut world.campaigns();
    campaigns.start_campaign(start(&frozen)).await.unwrap();
    let measured = world.until_measured(&frozen.name).await;

    let newcomer = contract().deviating();
    hold(&world.peers, &newcomer);
    world.publish(&newcomer.in_force()).await;
    let listed = eventually("the late contract is listed", || async {
        let listed = late(&world, &measured).await;
        (!listed.is_empty()).then_some(listed)
    })
    .await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].contract, newcomer.name);
    assert_eq!(listed[0].reason(), pb::LateReason::KnownAfterFreeze);
    // Its targets come later than the contract: it is measured once they are there, and not before.
    assert_eq!(
        world
            .campaign(&frozen.name)
            .await
            .progress
            .unwrap()
            .measured,
        1
    );
    world.publish(&newcomer.targets_in_effect()).await;
    let campaign = eventually("the late contract is measured", || async {
        let campaign = world.campaign(&frozen.name).await;
        (campaign.progress.unwrap().measured == 2).then_some(campaign)
    })
    .await;
    let progress = campaign.progress.unwrap();
    assert_eq!((progress.deviating, progress.late_contracts), (1, 1));
    assert!(check(&world, &campaign).await.complete);
    // What was frozen is still what was frozen: one contract, one late.
    assert_eq!(campaign.frozen, frozen.frozen);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_that_is_too_late_for_a_closed_campaign_is_listed_and_left_to_another() {
    let world = World::with(&[contract().conforming()]).await;
    world.listening().await;
    let shared = world.shared().await;
    let closed = world.campaigns().close_campaign(close(&shared)).await;
    let closed = closed.unwrap().into_inner();
    let newcomer = contract().conforming();
    hold(&world.peers, &newcomer);
    world.publish(&newcomer.in_force()).await;
    let listed = eventually("the late contract is listed", || async {
        late(&world, &closed).await.pop()
    })
    .await;
    assert_eq!(
        (listed.contract.as_str(), listed.control.as_str()),
        (newcomer.name.as_str(), "")
    );
    assert_eq!(check(&world, &closed).await.missing, [newcomer.name]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_whose_term_is_moved_into_the_year_is_late_and_one_that_ended_before_is_not_expected()
 {
    let ended = contract().over("2019-01-01", "2023-12-31").conforming();
    let world = World::with(&[contract().conforming(), ended.clone()]).await;
    world.listening().await;
    let frozen = world.frozen().await;
    assert!(check(&world, &frozen).await.complete);

    // An amendment gives it another year; its owner tells so, and the copy hears of it.
    let moved = ended.moved("2024-12-31");
    world.peers.events.lock().unwrap().push(moved.clone());
    assert_eq!(check(&world, &frozen).await.missing, [ended.name.as_str()]);
    world.publish(&moved).await;
    let listed = eventually("the contract is listed", || async {
        late(&world, &frozen).await.pop()
    })
    .await;
    assert_eq!(listed.contract, ended.name);
    assert_eq!(listed.reason(), pb::LateReason::TermChanged);
    assert!(check(&world, &frozen).await.complete);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_that_is_extended_into_the_year_is_late() {
    let ended = contract().over("2019-01-01", "2023-12-31").conforming();
    let world = World::with(&[contract().conforming(), ended.clone()]).await;
    world.listening().await;
    let frozen = world.frozen().await;
    let extended = ended.extended("2024-12-31");
    world.peers.events.lock().unwrap().push(extended.clone());
    assert_eq!(check(&world, &frozen).await.missing, [ended.name.as_str()]);
    world.publish(&extended).await;
    let listed = eventually("the contract is listed", || async {
        late(&world, &frozen).await.pop()
    })
    .await;
    assert_eq!(listed.contract, ended.name);
    assert_eq!(listed.reason(), pb::LateReason::TermChanged);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_word_on_the_term_counts_whichever_comes_last() {
    const AMENDED: &str = "select count(*) from inbox where consumer = 'controls-amendment'";
    const SHORTENED: &str = "select count(*) from contract_copy where end_date = '2023-12-31'";
    let ended = contract().over("2019-01-01", "2022-12-31").conforming();
    let world = World::with(&[contract().conforming(), ended.clone()]).await;
    world.listening().await;
    let frozen = world.frozen().await;
    // An amendment gave it a year; then it was extended. The extension is heard of first.
    let amended = ended.moved("2023-12-31");
    let extended = ended.extended_at("2025-03-01T10:00:00Z", "2024-12-31");
    let both = [amended.clone(), extended.clone()];
    world.peers.events.lock().unwrap().extend(both);
    world.publish(&extended).await;
    let listed = eventually("the contract is listed", || async {
        late(&world, &frozen).await.pop()
    })
    .await;
    assert_eq!(listed.contract, ended.name);
    world.publish(&amended).await;
    eventually("the amendment is heard of", || async {
        (world.count(AMENDED).await == 1).then_some(())
    })
    .await;
    assert_eq!(world.count(SHORTENED).await, 0);
    assert!(check(&world, &frozen).await.complete);
}
