//! Evaluations and meetings.

use proto::contracts::v1::{
    Achievement, Assessment, CompleteDecisionRequest, ConcludeEvaluationRequest, EvaluationKind,
    EvaluationState, ListEvaluationsRequest, ListMeetingsRequest, MeetingDecision, MeetingKind,
    PlanEvaluationRequest, PlanMeetingRequest, RecordMinutesRequest, SubmitEvaluationReportRequest,
};
use testkit::{reason, request_id};
use time::Duration;

use crate::support::{SITE, World, auditor, contract_manager, director, stranger};

#[tokio::test(flavor = "multi_thread")]
async fn an_evaluation_is_reported_by_the_holder_and_concluded_objective_by_objective() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let plan = || PlanEvaluationRequest {
        contract: contract.name.clone(),
        kind: EvaluationKind::MidTerm.into(),
        year: 2028,
        due_date: "2026-03-20".into(),
        request_id: request_id(),
    };
    let mut agency = world.follow_up(&contract_manager());
    let planned = agency.plan_evaluation(plan()).await.unwrap().into_inner();
    assert!(!planned.overdue);
    let twice = agency.plan_evaluation(plan()).await.unwrap_err();
    assert_eq!(reason(&twice), "EVALUATION_PLANNED");
    let report = || SubmitEvaluationReportRequest {
        name: planned.name.clone(),
        etag: planned.etag.clone(),
        report: "Bilan d’étape.".into(),
        request_id: request_id(),
    };
    assert!(
        world
            .follow_up(&stranger())
            .submit_evaluation_report(report())
            .await
            .is_err()
    );
    let reported = world
        .follow_up(&director())
        .submit_evaluation_report(report())
        .await
        .unwrap();
    let reported = reported.into_inner();
    let assessment = |objective: &str| Assessment {
        objective: objective.into(),
        achievement: Achievement::Partly.into(),
        comment: "Travaux en retard.".into(),
    };
    let conclude = |assessments| ConcludeEvaluationRequest {
        name: reported.name.clone(),
        etag: reported.etag.clone(),
        assessments,
        conclusion: "Poursuivre.".into(),
        request_id: request_id(),
    };
    let unknown = agency
        .conclude_evaluation(conclude(vec![assessment("O9")]))
        .await
        .unwrap_err();
    assert_eq!(reason(&unknown), "UNKNOWN_ELEMENT");
    let doubled = vec![assessment("O1"), assessment("O1")];
    assert_eq!(
        reason(
            &agency
                .conclude_evaluation(conclude(doubled))
                .await
                .unwrap_err()
        ),
        "UNKNOWN_ELEMENT"
    );
    world.advance(Duration::days(20));
    let mut agency = world.follow_up(&contract_manager());
    let list = ListEvaluationsRequest {
        contract: contract.name.clone(),
    };
    let mut readers = world.follow_up(&auditor());
    let late = readers
        .list_evaluations(list.clone())
        .await
        .unwrap()
        .into_inner()
        .evaluations;
    assert!(late[0].overdue);
    agency
        .conclude_evaluation(conclude(vec![assessment("O1")]))
        .await
        .unwrap();
    let done = readers
        .list_evaluations(list)
        .await
        .unwrap()
        .into_inner()
        .evaluations;
    assert_eq!(
        (done[0].state(), done[0].overdue),
        (EvaluationState::Concluded, false)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_committee_decides_is_followed_until_it_is_done() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let mut agency = world.follow_up(&contract_manager());
    let plan = PlanMeetingRequest {
        contract: contract.name.clone(),
        kind: MeetingKind::Committee.into(),
        date: "2026-03-12".into(),
        agenda: "Revue des objectifs.".into(),
        request_id: request_id(),
    };
    let planned = agency.plan_meeting(plan).await.unwrap().into_inner();
    let record = || RecordMinutesRequest {
        name: planned.name.clone(),
        etag: planned.etag.clone(),
        minutes: "Compte rendu.".into(),
        attendees: vec!["ARS".into(), "CH de démonstration".into()],
        decisions: vec![MeetingDecision {
            text: "Transmettre le plan de recrutement.".into(),
            owner: "CH de démonstration".into(),
            due_date: "2026-03-31".into(),
            ..Default::default()
        }],
        request_id: request_id(),
    };
    let early = agency.record_minutes(record()).await.unwrap_err();
    assert_eq!(reason(&early), "DATE_OUT_OF_RANGE");
    world.advance(Duration::days(2));
    let mut agency = world.follow_up(&contract_manager());
    agency.record_minutes(record()).await.unwrap();
    world.advance(Duration::days(30));
    let mut agency = world.follow_up(&contract_manager());
    let list = ListMeetingsRequest {
        contract: contract.name.clone(),
    };
    let meetings = world
        .follow_up(&director())
        .list_meetings(list)
        .await
        .unwrap();
    let meeting = meetings.into_inner().meetings.remove(0);
    assert!(meeting.decisions[0].overdue);
    let done = |rank| CompleteDecisionRequest {
        name: meeting.name.clone(),
        etag: meeting.etag.clone(),
        rank,
        done_date: "2026-04-02".into(),
        note: "Reçu.".into(),
        request_id: request_id(),
    };
    let unknown = agency.complete_decision(done(2)).await.unwrap_err();
    assert_eq!(reason(&unknown), "UNKNOWN_ELEMENT");
    let meeting = agency
        .complete_decision(done(1))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (
            meeting.decisions[0].done_date.as_str(),
            meeting.decisions[0].overdue
        ),
        ("2026-04-02", false)
    );
}
