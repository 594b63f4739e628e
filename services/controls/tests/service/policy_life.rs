//! A policy from its draft to its day of effect: tried on past years, never reaching back, one at a time.

use crate::common::{Realised, World, YEAR, adopt, contract};
use proto::{controls::v1 as pb, types::v1 as types};
use testkit::{reason, request_id, wrong_fields};
use tonic::Code;

fn simulate(policy: &pb::TolerancePolicy, years: &[i32]) -> pb::SimulateTolerancePolicyRequest {
    pb::SimulateTolerancePolicyRequest {
        name: policy.name.clone(),
        etag: policy.etag.clone(),
        years: years.to_vec(),
        request_id: request_id(),
    }
}

fn successor(rules: &mut pb::ToleranceRules) {
    "1".clone_into(&mut rules.conforming_percent);
    "50".clone_into(&mut rules.minor_percent);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_is_tried_on_a_measured_year_and_nothing_changes() {
    // Under ±5 %, minor to 10 %: one major finding. Under ±1 %, minor to 50 %: two minor ones.
    let missed = contract().deviating();
    let nearly = contract().objective("stays", "1000", Realised::Exact("1030"));
    let met = contract().objective("stays", "1000", Realised::Exact("1000"));
    let world = World::with(&[missed.clone(), nearly.clone(), met]).await;
    let campaign = world.measured().await;
    let before = (
        world.all_controls(&campaign.name).await,
        world.findings(&campaign.name).await,
    );
    let draft = world.draft_with(successor).await;
    let simulated = world
        .policies()
        .simulate_tolerance_policy(simulate(&draft, &[YEAR]))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(simulated.state(), pb::TolerancePolicyState::Simulated);
    let [simulation] = simulated.simulations.as_slice() else {
        panic!("one year: {simulated:?}");
    };
    assert_eq!(simulation.campaign, campaign.name);
    let counts = (
        simulation.contracts,
        simulation.raised,
        simulation.would_raise,
        simulation.added,
        simulation.removed,
        simulation.changed,
    );
    assert_eq!(counts, (3, 1, 2, 1, 0, 1));

    let list = pb::ListSimulatedContractsRequest {
        tolerance_policy: draft.name.clone(),
        year: YEAR,
        ..Default::default()
    };
    let listed = world
        .policies()
        .list_simulated_contracts(list)
        .await
        .unwrap()
        .into_inner()
        .contracts;
    let severities = |name: &str| {
        let contract = listed.iter().find(|c| c.contract == name).unwrap();
        let objective = &contract.objectives[0];
        (objective.raised(), objective.would_raise())
    };
    assert_eq!(listed.len(), 2);
    assert_eq!(
        severities(&missed.name),
        (types::Severity::Major, types::Severity::Minor)
    );
    assert_eq!(
        severities(&nearly.name),
        (types::Severity::Unspecified, types::Severity::Minor)
    );
    let after = (
        world.all_controls(&campaign.name).await,
        world.findings(&campaign.name).await,
    );
    assert_eq!(before, after);

    let unmeasured = world
        .policies()
        .simulate_tolerance_policy(simulate(&simulated, &[YEAR - 1]))
        .await
        .unwrap_err();
    assert_eq!(reason(&unmeasured), "YEAR_NOT_MEASURED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_takes_effect_once_tried_not_before_today_and_in_the_place_of_another() {
    let world = World::with(&[contract().deviating()]).await;
    let campaign = world.measured().await;
    let old = world.policy().await;
    let draft = world.draft_with(successor).await;
    let mut policies = world.policies();
    let (today, tomorrow) = ("2025-03-01", "2025-03-02");

    let untried = policies
        .adopt_tolerance_policy(adopt(&draft, today))
        .await
        .unwrap_err();
    assert_eq!(
        (untried.code(), reason(&untried)),
        (Code::FailedPrecondition, "POLICY_NOT_SIMULATED".into())
    );
    let simulated = policies
        .simulate_tolerance_policy(simulate(&draft, &[YEAR]))
        .await
        .unwrap()
        .into_inner();
    let backwards = policies
        .adopt_tolerance_policy(adopt(&simulated, "2025-02-28"))
        .await
        .unwrap_err();
    assert_eq!(reason(&backwards), "POLICY_RETROACTIVE");
    let overlapping = policies
        .adopt_tolerance_policy(adopt(&simulated, tomorrow))
        .await
        .unwrap_err();
    assert_eq!(
        (overlapping.code(), reason(&overlapping)),
        (Code::FailedPrecondition, "POLICY_OVERLAP".into())
    );
    let replacing = pb::AdoptTolerancePolicyRequest {
        replaces: old.name.clone(),
        ..adopt(&simulated, tomorrow)
    };
    let adopted = policies
        .adopt_tolerance_policy(replacing)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(adopted.state(), pb::TolerancePolicyState::Adopted);
    assert_eq!(adopted.effect_date, tomorrow);
    assert_eq!(adopted.adopter.as_ref().unwrap().subject, "manager-1");

    // A token does not last a day: each question is asked with a new one.
    let get = async |name: &str| {
        let name = name.to_owned();
        let request = pb::GetTolerancePolicyRequest { name };
        let policy = world.policies().get_tolerance_policy(request).await;
        policy.unwrap().into_inner()
    };
    assert_eq!(
        get(&old.name).await.state(),
        pb::TolerancePolicyState::InEffect
    );
    world.setup.clock.advance(time::Duration::days(1));
    assert_eq!(
        get(&old.name).await.state(),
        pb::TolerancePolicyState::Replaced
    );
    assert_eq!(
        get(&draft.name).await.state(),
        pb::TolerancePolicyState::InEffect
    );
    // The campaign that froze its data before keeps the policy it had then.
    let frozen = world.campaign(&campaign.name).await.frozen.unwrap();
    assert_eq!(frozen.tolerance_policy, old.name);
    assert_eq!(frozen.tolerance_policy_etag, old.etag);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_is_not_frozen_under_a_draft() {
    let world = World::with(&[contract().conforming()]).await;
    let draft = world.draft().await;
    let plan = pb::CreateCampaignRequest {
        region: "93".to_owned(),
        year: YEAR,
        tolerance_policy: draft.name.clone(),
        request_id: request_id(),
    };
    let planned = world.campaigns().create_campaign(plan).await.unwrap();
    let refused = world
        .campaigns()
        .freeze_campaign(crate::common::freeze(&planned.into_inner()))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::FailedPrecondition, "POLICY_NOT_IN_EFFECT".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn bands_that_overlap_are_refused_where_they_stand() {
    let world = World::with(&[]).await;
    let band = |units: &[types::Unit]| pb::ToleranceBand {
        units: units.iter().map(|unit| (*unit).into()).collect(),
        conforming_percent: "1".to_owned(),
        minor_percent: "2".to_owned(),
        minimum_count: "0".to_owned(),
    };
    let mut request = crate::common::policy_request();
    let rules = request.rules.as_mut().unwrap();
    rules.bands = vec![
        band(&[types::Unit::Sites]),
        band(&[types::Unit::Minutes, types::Unit::Sites]),
    ];
    rules.neutralised_years = [2020, 2020]
        .map(|year| pb::NeutralisedYear {
            year,
            reasons: "Épidémie".to_owned(),
        })
        .to_vec();
    let refused = world
        .policies()
        .create_tolerance_policy(request)
        .await
        .unwrap_err();
    assert_eq!(
        wrong_fields(&refused),
        ["rules.bands[1].units", "rules.neutralised_years[1].year"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deviation_that_lasts_is_looked_at_first() {
    let lasting = contract().deviating();
    let recent = contract().over("2024-01-01", "2026-12-31").deviating();
    let world = World::with(&[lasting.clone(), recent.clone()]).await;
    let draft = world
        .draft_with(|rules| rules.priority_after_years = 2)
        .await;
    world.adopted(&draft).await;
    let first = world.measured_for(YEAR - 1).await;
    let findings = world.findings(&first.name).await;
    assert_eq!(findings.len(), 1);
    assert!(!findings[0].priority);

    let second = world.measured_for(YEAR).await;
    let findings = world.findings(&second.name).await;
    let told = |name: &str| {
        let finding = findings.iter().find(|f| f.contract == name).unwrap();
        (finding.consecutive_years, finding.priority)
    };
    assert_eq!(told(&lasting.name), (2, true));
    assert_eq!(told(&recent.name), (1, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_neutralised_year_is_measured_and_raises_nothing() {
    let world = World::with(&[contract().deviating()]).await;
    let draft = world
        .draft_with(|rules| {
            rules.neutralised_years = vec![pb::NeutralisedYear {
                year: YEAR,
                reasons: "Épidémie".to_owned(),
            }];
        })
        .await;
    world.adopted(&draft).await;
    let campaign = world.measured().await;
    assert_eq!(campaign.progress.unwrap().findings, 0);
    let control = world.all_controls(&campaign.name).await.remove(0);
    assert_eq!(control.result(), pb::ControlResult::NotAssessable);
    assert_eq!(
        control.comparisons[0].result(),
        pb::ComparisonResult::Neutralised
    );
}
