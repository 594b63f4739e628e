//! What may be done next is told with the resource, as the methods themselves would answer.

use crate::common::{REGION, World, YEAR, contract, controller, manager};
use crate::missions::mission;
use proto::{controls::v1 as pb, types::v1::AllowedAction};
use testkit::{Persona, reason, request_id};
use time::Duration;
use tonic::Code;

/// Each method with the reason that stands in its way; empty when nothing does.
fn told(actions: Vec<AllowedAction>) -> Vec<(String, String)> {
    actions
        .into_iter()
        .inspect(|action| assert_eq!(action.allowed, action.reason.is_empty()))
        .map(|action| (action.method, action.reason))
        .collect()
}

fn expected<const N: usize>(methods: [&str; N], reasons: [&str; N]) -> Vec<(String, String)> {
    methods
        .into_iter()
        .zip(reasons)
        .map(|(method, reason)| (method.to_owned(), reason.to_owned()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_tells_who_may_correct_it_and_that_once_withdrawn_nobody_may() {
    const ACTS: [&str; 2] = ["CorrectFinding", "WithdrawFinding"];
    let world = World::with(&[contract().deviating()]).await;
    let campaign = world.shared().await;
    let listed = world.findings(&campaign.name).await.remove(0);
    assert!(listed.allowed_actions.is_empty(), "lists tell none");
    let get = async |persona: &Persona| {
        let request = pb::GetFindingRequest {
            name: listed.name.clone(),
        };
        let finding = world.controls_as(persona).get_finding(request).await;
        told(finding.unwrap().into_inner().allowed_actions)
    };
    assert_eq!(get(&controller()).await, expected(ACTS, ["", ""]));
    let others = [
        Persona::human("reviewer").region(REGION),
        Persona::human("establishment_director").finess("130786049"),
    ];
    for other in &others {
        assert_eq!(get(other).await, expected(ACTS, ["PERMISSION_DENIED"; 2]));
    }
    let withdraw = pb::WithdrawFindingRequest {
        name: listed.name.clone(),
        etag: listed.etag.clone(),
        reasons: "Le fichier de mai avait été transmis deux fois.".to_owned(),
        request_id: request_id(),
    };
    world.controls().withdraw_finding(withdraw).await.unwrap();
    assert_eq!(
        get(&controller()).await,
        expected(ACTS, ["FINDING_WITHDRAWN"; 2])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mission_tells_its_team_what_is_to_be_done_and_others_why_they_do_not() {
    const ACTS: [&str; 4] = [
        "UploadEvidence",
        "RecordRemark",
        "ReportMission",
        "CancelMission",
    ];
    let world = World::with(&[contract().conforming()]).await;
    let campaign = world.measured().await;
    let opened = mission(&world, &campaign).await;
    let get = async |persona: &Persona| {
        let request = pb::GetMissionRequest {
            name: opened.name.clone(),
        };
        let mission = world.missions_as(persona).get_mission(request).await;
        told(mission.unwrap().into_inner().allowed_actions)
    };
    assert_eq!(get(&controller()).await, expected(ACTS, [""; 4]));
    let stranger = Persona::human("controller")
        .named("controller-2")
        .region(REGION);
    let not_theirs = ["NOT_ON_MISSION", "NOT_ON_MISSION", "NOT_ON_MISSION", ""];
    assert_eq!(get(&stranger).await, expected(ACTS, not_theirs));
    let never = "PERMISSION_DENIED";
    let manages = [never, never, never, ""];
    assert_eq!(get(&manager()).await, expected(ACTS, manages));
    let reviewer = Persona::human("reviewer").region(REGION);
    assert_eq!(get(&reviewer).await, expected(ACTS, [never; 4]));

    // After the last day nothing is recorded any more; the report may still be written.
    world.setup.clock.advance(Duration::days(5));
    let late = ["MISSION_OUT_OF_DATE", "MISSION_OUT_OF_DATE", "", ""];
    assert_eq!(get(&controller()).await, expected(ACTS, late));
    let cancel = pb::CancelMissionRequest {
        name: opened.name.clone(),
        etag: opened.etag.clone(),
        reasons: "La lettre de mission est rapportée.".to_owned(),
        request_id: request_id(),
    };
    let mut missions = world.missions_as(&controller());
    missions.cancel_mission(cancel).await.unwrap();
    assert_eq!(
        get(&controller()).await,
        expected(ACTS, ["MISSION_OVER"; 4])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_tells_whether_there_is_a_year_to_try_it_on_and_who_adopts_it() {
    const ACTS: [&str; 2] = ["SimulateTolerancePolicy", "AdoptTolerancePolicy"];
    let world = World::with(&[contract().deviating()]).await;
    let draft = world.draft().await;
    let get = async |persona: &Persona, name: &str| {
        let request = pb::GetTolerancePolicyRequest {
            name: name.to_owned(),
        };
        let peer = world.peer(persona);
        let mut policies =
            pb::tolerance_policy_service_client::TolerancePolicyServiceClient::new(peer);
        let policy = policies.get_tolerance_policy(request).await;
        told(policy.unwrap().into_inner().allowed_actions)
    };
    // The region has measured nothing yet: there is nothing to try it on, and it needs no trial.
    assert_eq!(
        get(&manager(), &draft.name).await,
        expected(ACTS, ["NOTHING_MEASURED", ""])
    );
    let simulate = pb::SimulateTolerancePolicyRequest {
        name: draft.name.clone(),
        etag: draft.etag.clone(),
        years: vec![YEAR],
        request_id: request_id(),
    };
    let refused = world.policies().simulate_tolerance_policy(simulate).await;
    let refused = refused.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::FailedPrecondition, "NOTHING_MEASURED".into())
    );

    world.measured().await;
    assert_eq!(
        get(&manager(), &draft.name).await,
        expected(ACTS, ["", "POLICY_NOT_SIMULATED"])
    );
    let keeper = Persona::human("contract_manager").region(REGION);
    assert_eq!(
        get(&keeper, &draft.name).await,
        expected(ACTS, ["", "PERMISSION_DENIED"])
    );
    let adopted = world.policy().await;
    assert_eq!(
        get(&manager(), &adopted.name).await,
        expected(ACTS, ["POLICY_ADOPTED"; 2])
    );
}
