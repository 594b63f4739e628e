//! Campaigns through the API: who is controlled, when, and by which rules.

mod following;
mod freezing;
mod pmsi;
mod race;

use std::{collections::BTreeSet, sync::atomic::Ordering};

use crate::common::{
    REGION, World, YEAR, close, contract, contract_without_targets, freeze, hold, start,
};
use proto::controls::v1::{self as pb, campaign_service_client::CampaignServiceClient};
use sha2::{Digest as _, Sha256};
use testkit::{Persona, changes, eventually, reason, request_id};
use time::{Duration, macros::datetime};
use tonic::Code;
use tonic_types::StatusExt as _;

#[tokio::test(flavor = "multi_thread")]
async fn every_contract_in_force_one_day_of_the_year_is_controlled_exactly_once() {
    let controlled = [
        contract().conforming(),
        contract().deviating(),
        // No objective at all: controlled all the same.
        contract(),
        contract().over("2020-01-01", "2024-01-01").conforming(),
        contract().over("2024-12-31", "2029-12-30").conforming(),
        contract().over("2024-05-01", "2024-05-01").conforming(),
    ];
    let left_out = [
        contract().over("2019-01-01", "2023-12-31").conforming(),
        contract().over("2025-01-01", "2029-12-31").conforming(),
        contract().region("94").conforming(),
    ];
    let world = World::with(&[&controlled[..], &left_out[..]].concat()).await;
    let campaign = world.measured().await;

    let controls = world.all_controls(&campaign.name).await;
    let names: Vec<_> = controls
        .iter()
        .map(|control| control.contract.clone())
        .collect();
    let expected: BTreeSet<_> = controlled
        .iter()
        .map(|contract| contract.name.clone())
        .collect();
    assert_eq!(names.len(), expected.len());
    assert_eq!(names.into_iter().collect::<BTreeSet<_>>(), expected);
    assert_eq!(
        campaign.progress,
        Some(pb::Progress {
            contracts: 6,
            measured: 6,
            conforming: 4,
            deviating: 1,
            not_assessable: 1,
            findings: 1,
            late_contracts: 0
        })
    );
    assert_eq!(
        campaign.freeze_time,
        Some(kit::timestamp(datetime!(2025-03-01 08:00 UTC)))
    );
    let asked = world.peers.asked.lock().unwrap().clone();
    assert!(
        asked
            .iter()
            .all(|request| request.received_before == campaign.freeze_time)
    );
    assert!(
        asked
            .iter()
            .all(|request| request.year == YEAR && request.region == REGION)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn starting_again_with_the_same_request_id_starts_once() {
    let world = World::with(&[contract().conforming(), contract().deviating()]).await;
    let frozen = world.frozen().await;
    let request = start(&frozen);
    let first = world
        .campaigns()
        .start_campaign(request.clone())
        .await
        .unwrap()
        .into_inner();
    world.until_measured(&first.name).await;
    let again = world
        .campaigns()
        .start_campaign(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first, again);
    assert_eq!(world.count("select count(*) from control").await, 2);

    let other = pb::StartCampaignRequest {
        etag: "\"7\"".to_owned(),
        ..request
    };
    let refused = world.campaigns().start_campaign(other).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::InvalidArgument, "REQUEST_ID_REUSED".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_goes_from_planned_to_closed_and_each_step_needs_the_current_etag() {
    let world = World::with(&[contract().conforming()]).await;
    let planned = world.planned().await;
    assert_eq!(planned.state(), pb::CampaignState::Planned);
    let mut campaigns = world.campaigns();

    let early = campaigns.close_campaign(close(&planned)).await.unwrap_err();
    assert_eq!(
        (early.code(), reason(&early)),
        (Code::FailedPrecondition, "WRONG_STATE".into())
    );
    let unfrozen = campaigns.start_campaign(start(&planned)).await.unwrap_err();
    assert_eq!(
        (unfrozen.code(), reason(&unfrozen)),
        (Code::FailedPrecondition, "DATA_NOT_FROZEN".into())
    );
    let stale = pb::FreezeCampaignRequest {
        etag: "\"0\"".to_owned(),
        ..freeze(&planned)
    };
    let stale = campaigns.freeze_campaign(stale).await.unwrap_err();
    assert_eq!(
        (stale.code(), reason(&stale)),
        (Code::Aborted, "ETAG_MISMATCH".into())
    );
    assert_eq!(changes(&stale), ["CampaignPlanned controller controller-1"]);

    let frozen = campaigns
        .freeze_campaign(freeze(&planned))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(frozen.state(), pb::CampaignState::Frozen);
    let started = campaigns
        .start_campaign(start(&frozen))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(started.state(), pb::CampaignState::Running);
    let measured = world.until_measured(&planned.name).await;
    let twice = campaigns
        .start_campaign(start(&measured))
        .await
        .unwrap_err();
    assert_eq!(reason(&twice), "WRONG_STATE");
    // What was not shared is not closed.
    let unshared = campaigns
        .close_campaign(close(&measured))
        .await
        .unwrap_err();
    assert_eq!(reason(&unshared), "WRONG_STATE");
    let shared = world.share(&measured).await;
    assert_eq!(shared.state(), pb::CampaignState::Shared);
    assert_eq!(shared.share_message, "Résultats du contrôle de l’année.");
    assert!(shared.share_time.is_some());

    // The etag of before is stale now.
    let stale = campaigns
        .close_campaign(close(&measured))
        .await
        .unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    assert_eq!(changes(&stale), ["CampaignShared controller controller-1"]);
    let closed = campaigns
        .close_campaign(close(&shared))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(closed.state(), pb::CampaignState::Closed);
    // What was frozen is told at every step, and never changed.
    for later in [&started, &measured, &shared, &closed] {
        assert_eq!(later.frozen, frozen.frozen);
    }
    assert_eq!(
        world
            .count("select count(*) from event where aggregate_kind = 'campaign'")
            .await,
        6
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_be_done_next_is_told_with_the_reason_for_the_rest() {
    let world = World::with(&[contract().conforming()]).await;
    let planned = world.planned().await;
    let told = |campaign: pb::Campaign| -> Vec<(String, String)> {
        let actions = campaign.allowed_actions.into_iter();
        actions
            .inspect(|action| assert_eq!(action.allowed, action.reason.is_empty()))
            .map(|action| (action.method, action.reason))
            .collect()
    };
    let expected = |reasons: [&str; 4]| -> Vec<(String, String)> {
        ["Freeze", "Start", "Share", "Close"]
            .map(|step| format!("{step}Campaign"))
            .into_iter()
            .zip(reasons.map(ToOwned::to_owned))
            .collect()
    };
    assert_eq!(
        told(world.campaign(&planned.name).await),
        expected(["", "DATA_NOT_FROZEN", "WRONG_STATE", "WRONG_STATE"])
    );
    world
        .campaigns()
        .freeze_campaign(freeze(&planned))
        .await
        .unwrap();
    assert_eq!(
        told(world.campaign(&planned.name).await),
        expected(["WRONG_STATE", "", "WRONG_STATE", "WRONG_STATE"])
    );
    // Who only reads is told what the methods would answer.
    let reviewer = world.peer(&Persona::human("reviewer").region(REGION));
    let request = pb::GetCampaignRequest {
        name: planned.name.clone(),
    };
    let read = CampaignServiceClient::new(reviewer)
        .get_campaign(request)
        .await
        .unwrap();
    assert_eq!(told(read.into_inner()), expected(["PERMISSION_DENIED"; 4]));
}

#[tokio::test(flavor = "multi_thread")]
async fn freezing_fixes_the_versions_of_everything_that_is_compared() {
    let contract = contract().conforming();
    let without_targets = contract_without_targets();
    let world = World::with(&[contract.clone(), without_targets.clone()]).await;
    let frozen = world.frozen().await;
    let policy = world.policy().await;
    let data = frozen.frozen.clone().unwrap();
    assert_eq!(data.tolerance_policy, policy.name);
    assert_eq!(data.tolerance_policy_etag, policy.etag);
    assert_eq!(data.received_before, frozen.freeze_time);
    assert_eq!((data.contracts, data.target_sets), (2, 1));
    // Anybody can compute the hash of the versions again from the controls.
    let mut lines: Vec<String> = world
        .all_controls(&frozen.name)
        .await
        .iter()
        .map(|control| match control.target_set.as_str() {
            "" => format!("{} -\n", control.contract),
            set => format!(
                "{} {set} {}\n",
                control.contract, control.target_set_version
            ),
        })
        .collect();
    lines.sort();
    let hash = hex::encode(Sha256::digest(lines.concat()));
    assert_eq!(data.target_sets_sha256, hash);
    assert!(lines.iter().any(|line| line.contains(&contract.target_set)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_has_one_open_campaign_for_a_year() {
    let world = World::with(&[contract().conforming()]).await;
    let shared = world.shared().await;
    let plan = pb::CreateCampaignRequest {
        region: REGION.to_owned(),
        year: YEAR,
        tolerance_policy: shared.tolerance_policy.clone(),
        request_id: request_id(),
    };
    let refused = world
        .campaigns()
        .create_campaign(plan.clone())
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::AlreadyExists, "CAMPAIGN_OPEN".into())
    );

    world
        .campaigns()
        .close_campaign(close(&shared))
        .await
        .unwrap();
    world.campaigns().create_campaign(plan).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_is_not_controlled_before_it_is_over() {
    let world = World::with(&[contract().conforming()]).await;
    let plan = pb::CreateCampaignRequest {
        region: REGION.to_owned(),
        year: 2025,
        tolerance_policy: world.policy().await.name,
        request_id: request_id(),
    };
    let planned = world
        .campaigns()
        .create_campaign(plan)
        .await
        .unwrap()
        .into_inner();
    let refused = world
        .campaigns()
        .freeze_campaign(freeze(&planned))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::FailedPrecondition, "YEAR_NOT_OVER".into())
    );
    // 31 December, 23:30 in Marseille is still 2025; an hour later it is not.
    world
        .setup
        .clock
        .advance(datetime!(2025-12-31 22:30 UTC) - datetime!(2025-03-01 08:00 UTC));
    let refused = world
        .campaigns()
        .freeze_campaign(freeze(&planned))
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "YEAR_NOT_OVER");
    world.setup.clock.advance(Duration::hours(1));
    world
        .campaigns()
        .freeze_campaign(freeze(&planned))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_needs_a_policy_of_its_region_and_year() {
    let world = World::with(&[]).await;
    let policy = world.policy().await;
    let plan = |region: &str, year, policy: &str| pb::CreateCampaignRequest {
        region: region.to_owned(),
        year,
        tolerance_policy: policy.to_owned(),
        request_id: request_id(),
    };
    let mut everywhere =
        CampaignServiceClient::new(world.peer(&Persona::human("controller").region("*")));
    for (request, expected) in [
        (plan(REGION, 2026, &policy.name), "POLICY_OUT_OF_YEARS"),
        (plan("94", YEAR, &policy.name), "POLICY_OF_OTHER_REGION"),
        (
            plan(
                REGION,
                YEAR,
                "tolerancePolicies/0198c0de-0000-7000-8000-000000000001",
            ),
            "NOT_FOUND",
        ),
        (plan("05", YEAR, &policy.name), "INVALID_ARGUMENT"),
    ] {
        let refused = everywhere.create_campaign(request).await.unwrap_err();
        assert_eq!(reason(&refused), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_controller_of_another_region_neither_sees_nor_moves_a_campaign() {
    let world = World::with(&[contract().conforming()]).await;
    let planned = world.planned().await;
    let mut elsewhere =
        CampaignServiceClient::new(world.peer(&Persona::human("controller").region("94")));
    let get = pb::GetCampaignRequest {
        name: planned.name.clone(),
    };
    assert_eq!(
        elsewhere.get_campaign(get).await.unwrap_err().code(),
        Code::NotFound
    );
    let list = elsewhere
        .list_campaigns(pb::ListCampaignsRequest::default())
        .await
        .unwrap();
    assert!(list.into_inner().campaigns.is_empty());
    let refused = elsewhere
        .freeze_campaign(freeze(&planned))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    assert_eq!(
        world.campaign(&planned.name).await.state(),
        pb::CampaignState::Planned
    );
}
