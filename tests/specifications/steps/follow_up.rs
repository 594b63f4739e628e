//! Meetings about a contract in force: planned, told in minutes, and what they decide (CSP D6114-8).

use cucumber::{given, then, when};
use proto::contracts::v1::{
    CompleteDecisionRequest, GetMeetingRequest, Meeting, MeetingDecision, MeetingKind,
    PlanMeetingRequest, RecordMinutesRequest,
};
use testkit::request_id;
use tonic::{Code, Response, Status};

use crate::{
    figures::{Day, Someone},
    world::Specification,
};

const DECISION_DUE: &str = "2026-04-30";

#[given(expr = "un comité de suivi prévu le {jour}")]
async fn a_committee(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    let manager = world.persona(Someone::ContractManager)?;
    let mut client = world.suite()?.follow_up(&manager)?;
    let request = PlanMeetingRequest {
        contract: world.contract()?.name,
        kind: MeetingKind::Committee.into(),
        date: day.0.to_string(),
        agenda: "Point d’étape".to_owned(),
        request_id: request_id(),
    };
    let answer = client.plan_meeting(request).await;
    world.meeting_answer(answer)?;
    world.nothing_refused()
}

#[given("un comité de suivi dont le compte rendu est consigné")]
async fn a_told_committee(world: &mut Specification) -> anyhow::Result<()> {
    let day: Day = "20 mars 2026".parse()?;
    a_committee(world, day).await?;
    world.let_time_pass(day.0).await?;
    records(world, Someone::ContractManager).await?;
    world.nothing_refused()
}

#[when(expr = "{personne} consigne le compte rendu du comité")]
async fn records(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.follow_up(&world.persona(who)?)?;
    let Meeting { name, etag, .. } = world.meeting()?;
    let decision = MeetingDecision {
        text: "Transmettre le plan de recrutement.".to_owned(),
        owner: "L’établissement".to_owned(),
        due_date: DECISION_DUE.to_owned(),
        ..Default::default()
    };
    let request = RecordMinutesRequest {
        name,
        etag,
        minutes: "Les objectifs ont été revus un par un.".to_owned(),
        attendees: vec!["L’agence".to_owned(), "L’établissement".to_owned()],
        decisions: vec![decision],
        request_id: request_id(),
    };
    let answer = client.record_minutes(request).await;
    world.meeting_answer(answer)
}

#[when(expr = "{personne} constate que la décision du comité est exécutée")]
async fn completes(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.follow_up(&world.persona(who)?)?;
    let Meeting { name, etag, .. } = world.meeting()?;
    let request = CompleteDecisionRequest {
        name,
        etag,
        rank: 1,
        done_date: world.today()?.to_string(),
        note: "Plan reçu.".to_owned(),
        request_id: request_id(),
    };
    let answer = client.complete_decision(request).await;
    world.meeting_answer(answer)
}

#[then(expr = "le comité a décidé, à exécuter le {jour} au plus tard")]
fn has_decided(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let meeting = world.meeting()?;
    let days: Vec<&str> = meeting
        .decisions
        .iter()
        .map(|decision| decision.due_date.as_str())
        .collect();
    assert_eq!(days, [day.0.to_string()]);
    Ok(())
}

#[then(regex = "^la décision du comité est (à exécuter|en retard|exécutée)$")]
async fn stands(world: &mut Specification, how: String) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let meeting = read_by(world, Someone::ContractManager).await??;
    let [decision] = meeting.decisions.as_slice() else {
        anyhow::bail!("one decision: {meeting:?}");
    };
    let is_done = !decision.done_date.is_empty();
    assert_eq!(is_done, how == "exécutée", "{decision:?}");
    assert_eq!(decision.overdue, how == "en retard", "{decision:?}");
    Ok(())
}

/// The meeting as somebody reads it now.
async fn read_by(world: &Specification, who: Someone) -> anyhow::Result<Result<Meeting, Status>> {
    let name = world.meeting()?.name;
    let mut client = world.suite()?.follow_up(&world.persona(who)?)?;
    let answer = client.get_meeting(GetMeetingRequest { name }).await;
    Ok(answer.map(Response::into_inner))
}

#[then(expr = "{personne} lit le compte rendu du comité")]
async fn reads(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let meeting = read_by(world, who).await??;
    assert!(!meeting.minutes.is_empty(), "{meeting:?}");
    Ok(())
}

#[then(expr = "{personne} ne lit pas le compte rendu du comité")]
async fn does_not_read(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let hidden = read_by(world, who).await?;
    assert_eq!(hidden.map_err(|status| status.code()), Err(Code::NotFound));
    Ok(())
}
