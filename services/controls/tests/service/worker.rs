//! The worker: killed, doubled, or cut off from what it needs, it measures each control exactly once.

use std::collections::BTreeSet;

use crate::common::{TestContract, World, contract, hold};
use kit::Running;
use proto::controls::v1 as pb;
use sqlx::Executor as _;
use testkit::{Setup, TestDatabase, eventually};

/// Enough for several chunks, half of them deviating.
const CONTRACTS: usize = 330;

fn population() -> Vec<TestContract> {
    (0..CONTRACTS)
        .map(|n| {
            if n % 2 == 0 {
                contract().conforming()
            } else {
                contract().deviating()
            }
        })
        .collect()
}

/// Each control, finding and event is there once.
async fn assert_measured_once(world: &World, campaign: &pb::Campaign) {
    let controls = world.all_controls(&campaign.name).await;
    let contracts: BTreeSet<_> = controls.iter().map(|control| &control.contract).collect();
    assert_eq!((controls.len(), contracts.len()), (CONTRACTS, CONTRACTS));
    assert!(
        controls
            .iter()
            .all(|control| control.result() != pb::ControlResult::Scheduled)
    );
    let half = i64::try_from(CONTRACTS / 2).unwrap();
    let progress = campaign.progress.unwrap();
    assert_eq!(
        (progress.conforming, progress.deviating, progress.findings),
        (half, half, half)
    );
    for (what, query, expected) in [
        (
            "controls measured",
            "select count(*) from event where aggregate_kind = 'control'",
            2 * half,
        ),
        (
            "findings raised",
            "select count(*) from event where aggregate_kind = 'finding'",
            half,
        ),
        ("findings", "select count(*) from finding", half),
        (
            "campaigns measured",
            "select count(*) from event where type = 'cpom.controls.v1.CampaignMeasured'",
            1,
        ),
    ] {
        assert_eq!(world.count(query).await, expected, "{what}");
    }
}

/// A process that can be killed: everything of it lives in a runtime of its own.
struct Victim {
    runtime: tokio::runtime::Runtime,
    running: Running,
}

impl Victim {
    async fn start(setup: &Setup, database: &TestDatabase) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let (config, clock) = (setup.config(database), setup.clock.clone());
        let running = runtime
            .spawn(kit::serve(
                &controls::DEFINITION,
                config,
                clock,
                None,
                controls::start,
            ))
            .await
            .unwrap()
            .unwrap();
        Self { runtime, running }
    }
}

/// The service in a process that can be killed, with a campaign that has just started.
async fn started_in_a_victim(permits: usize) -> (World, tokio::runtime::Runtime, pb::Campaign) {
    let (setup, peers) = World::surroundings().await;
    peers.gate.forget_permits(100_000);
    peers.gate.add_permits(permits);
    for contract in population() {
        hold(&peers, &contract);
    }
    let database = TestDatabase::new(&controls::DEFINITION).await;
    let victim = Victim::start(&setup, &database).await;
    let world = World {
        setup,
        peers,
        database,
        running: victim.running,
    };
    world.bootstrapped().await;
    let campaign = world.started().await;
    (world, victim.runtime, campaign)
}

/// How many controls of the campaign are measured, as its owner counts them.
async fn measured(world: &World) -> i64 {
    world
        .count("select count(*) from control where result <> 'scheduled'")
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_killed_while_it_waits_for_an_answer_is_taken_over_by_the_next() {
    let (mut world, process, campaign) = started_in_a_victim(2).await;
    eventually("two chunks are measured", || async {
        (measured(&world).await == 200).then_some(())
    })
    .await;
    process.shutdown_background();
    world.peers.gate.add_permits(1_000);

    world.running = world
        .setup
        .start_on(&world.database, &controls::DEFINITION, controls::start)
        .await;
    let campaign = world.until_measured(&campaign.name).await;
    assert_measured_once(&world, &campaign).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_killed_in_the_middle_of_a_transaction_leaves_nothing_half_done() {
    let (mut world, process, campaign) = started_in_a_victim(1).await;
    eventually("one chunk is measured", || async {
        (measured(&world).await == 100).then_some(())
    })
    .await;
    // Controls can be written, findings cannot: the next chunk stops in between.
    let mut owner = world.database.owner().await;
    owner.execute("begin").await.unwrap();
    owner
        .execute("lock table finding in exclusive mode")
        .await
        .unwrap();
    world.peers.gate.add_permits(1);
    eventually("a transaction waits for the findings", || async {
        let waiting =
            "select count(*) from pg_locks where relation = 'finding'::regclass and not granted";
        (world.count(waiting).await == 1).then_some(())
    })
    .await;
    process.shutdown_background();
    owner.execute("rollback").await.unwrap();
    world.peers.gate.add_permits(1_000);

    world.running = world
        .setup
        .start_on(&world.database, &controls::DEFINITION, controls::start)
        .await;
    let campaign = world.until_measured(&campaign.name).await;
    assert_measured_once(&world, &campaign).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_share_a_campaign_without_measuring_anything_twice() {
    let world = World::with(&population()).await;
    let start = || {
        world
            .setup
            .start_on(&world.database, &controls::DEFINITION, controls::start)
    };
    let _others = (start().await, start().await);
    let campaign = world.measured().await;
    assert_measured_once(&world, &campaign).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_waits_while_the_targets_service_is_away_and_goes_on_when_it_is_back() {
    let world = World::with(&population()).await;
    let frozen = world.frozen().await;
    world.targets_away(true);
    let started = world
        .campaigns()
        .start_campaign(crate::common::start(&frozen))
        .await
        .unwrap()
        .into_inner();
    eventually("the worker has asked and got no answer", || async {
        (!world.peers.asked.lock().unwrap().is_empty()).then_some(())
    })
    .await;
    let waiting = world.campaign(&started.name).await;
    assert_eq!(waiting.state(), pb::CampaignState::Running);
    assert_eq!(waiting.progress.unwrap().measured, 0);
    world.targets_away(false);
    let campaign = world.until_measured(&started.name).await;
    assert_measured_once(&world, &campaign).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_about_other_targets_than_ours_is_not_measured() {
    let contract = contract().conforming();
    let world = World::with(std::slice::from_ref(&contract)).await;
    let other = "targetSets/0198c0de-0000-7000-8000-000000000001".to_owned();
    let answer = |target_set: String| {
        let mut realisations = world.peers.realisations.lock().unwrap();
        realisations.get_mut(&contract.name).unwrap().target_set = target_set;
    };
    answer(other);
    let started = world.started().await;
    eventually("the worker has asked twice", || async {
        (world.peers.asked.lock().unwrap().len() > 1).then_some(())
    })
    .await;
    assert_eq!(measured(&world).await, 0);
    answer(contract.target_set.clone());
    assert_eq!(
        world
            .until_measured(&started.name)
            .await
            .progress
            .unwrap()
            .conforming,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_without_any_contract_is_measured_at_once() {
    let world = World::with(&[]).await;
    let campaign = world.measured().await;
    assert_eq!(campaign.progress, Some(pb::Progress::default()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_asks_about_the_targets_it_froze_though_others_followed_in_the_year() {
    let contract = contract().conforming();
    let world = World::with(std::slice::from_ref(&contract)).await;
    world.listening().await;
    let frozen = world.frozen().await;
    let mut amended = contract
        .clone()
        .over("2024-07-01", "2026-12-31")
        .deviating();
    amended.target_set = format!("targetSets/{}", kernel::new_id());
    world.publish(&amended.targets_in_effect()).await;
    eventually("the targets of the amendment are copied", || async {
        (world.count("select count(*) from target_set_copy").await == 2).then_some(())
    })
    .await;
    world
        .campaigns()
        .start_campaign(crate::common::start(&frozen))
        .await
        .unwrap();
    let campaign = world.until_measured(&frozen.name).await;
    assert_eq!(campaign.progress.unwrap().conforming, 1);
    let asked = world.peers.asked.lock().unwrap().clone();
    assert!(!asked.is_empty());
    for request in asked {
        assert_eq!(request.target_sets, [contract.target_set.as_str()]);
    }
}
