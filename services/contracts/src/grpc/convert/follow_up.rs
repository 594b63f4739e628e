//! Renewals, evaluations, meetings.

use kit::timestamp;
use proto::contracts::v1 as pb;
use rpc::{Error, etag};
use time::Date;

use super::{actor, attachment, date};
use crate::domain::{
    Renewal,
    follow_up::{
        Achievement, Assessment, Decision, Evaluation, EvaluationKind, EvaluationState, Meeting,
        MeetingKind,
    },
    renewal::State,
    step::CompletedStep,
};

pub fn renewal(renewal: &Renewal) -> pb::Renewal {
    let state = match &renewal.state {
        State::Requested => pb::RenewalState::Requested,
        State::Granted { .. } => pb::RenewalState::Granted,
        State::Refused { .. } => pb::RenewalState::Refused,
        State::Tacit => pb::RenewalState::Tacit,
        State::TacitConfirmed { .. } => pb::RenewalState::TacitConfirmed,
    };
    let decision = renewal.state.decision();
    let (successor, new_end_date) = match &renewal.state {
        State::Granted { successor, .. } => (successor.to_string(), String::new()),
        State::TacitConfirmed { new_end_date, .. } => (String::new(), new_end_date.to_string()),
        State::Requested | State::Refused { .. } | State::Tacit => Default::default(),
    };
    pb::Renewal {
        name: renewal.id.to_string(),
        etag: etag::of(renewal.version),
        contract: renewal.contract.to_string(),
        region: renewal.region.to_string(),
        state: state.into(),
        receipt_date: renewal.receipt_date.to_string(),
        late: renewal.late,
        answer_due_date: renewal.answer_due_date.to_string(),
        request: renewal.request.as_str().to_owned(),
        requested_by: Some(actor(&renewal.requested_by)),
        reasons: decision
            .map(|d| d.reasons.as_str().to_owned())
            .unwrap_or_default(),
        decided_by: decision.map(|d| actor(&d.by)),
        decide_time: decision.map(|d| timestamp(d.at)),
        successor,
        new_end_date,
        create_time: Some(timestamp(renewal.created_at)),
        update_time: Some(timestamp(renewal.updated_at)),
    }
}

/// A step that is done.
pub fn completed_step(completed: &CompletedStep) -> pb::CompletedStep {
    let CompletedStep { step, done, .. } = completed;
    pb::CompletedStep {
        name: completed.id.to_string(),
        commitment: step.commitment.clone(),
        title: step.title.clone(),
        due_date: step.due_date.to_string(),
        done_date: done.date.to_string(),
        note: done.note.clone(),
        attachments: done.attachments.iter().map(attachment).collect(),
        recorded_by: Some(actor(&completed.by)),
        record_time: Some(timestamp(completed.at)),
    }
}

pub fn evaluation_kind(kind: EvaluationKind) -> pb::EvaluationKind {
    match kind {
        EvaluationKind::Annual => pb::EvaluationKind::Annual,
        EvaluationKind::MidTerm => pb::EvaluationKind::MidTerm,
        EvaluationKind::Final => pb::EvaluationKind::Final,
    }
}

pub fn evaluation_kind_from(kind: pb::EvaluationKind) -> Result<EvaluationKind, Error> {
    match kind {
        pb::EvaluationKind::Annual => Ok(EvaluationKind::Annual),
        pb::EvaluationKind::MidTerm => Ok(EvaluationKind::MidTerm),
        pb::EvaluationKind::Final => Ok(EvaluationKind::Final),
        pb::EvaluationKind::Unspecified => Err(Error::invalid("kind", "is required")),
    }
}

pub fn assessment(assessment: &Assessment) -> pb::Assessment {
    let achievement = match assessment.achievement {
        Achievement::Reached => pb::Achievement::Reached,
        Achievement::Partly => pb::Achievement::Partly,
        Achievement::NotReached => pb::Achievement::NotReached,
        Achievement::NotApplicable => pb::Achievement::NotApplicable,
    };
    pb::Assessment {
        objective: assessment.objective.clone(),
        achievement: achievement.into(),
        comment: assessment.comment.clone(),
    }
}

pub fn assessment_from(assessment: &pb::Assessment) -> Result<Assessment, Error> {
    let achievement = match assessment.achievement() {
        pb::Achievement::Reached => Achievement::Reached,
        pb::Achievement::Partly => Achievement::Partly,
        pb::Achievement::NotReached => Achievement::NotReached,
        pb::Achievement::NotApplicable => Achievement::NotApplicable,
        pb::Achievement::Unspecified => {
            return Err(Error::invalid("assessments.achievement", "is required"));
        }
    };
    Ok(Assessment {
        objective: assessment.objective.clone(),
        achievement,
        comment: assessment.comment.clone(),
    })
}

/// An evaluation as it stands on a day.
pub fn evaluation(evaluation: &Evaluation, today: Date) -> pb::Evaluation {
    let state = match evaluation.state {
        EvaluationState::Planned => pb::EvaluationState::Planned,
        EvaluationState::Reported { .. } => pb::EvaluationState::Reported,
        EvaluationState::Concluded { .. } => pb::EvaluationState::Concluded,
    };
    let (report, conclusion) = (evaluation.state.report(), evaluation.state.conclusion());
    let assessments = conclusion.map(|c| c.assessments.iter().map(assessment).collect());
    pb::Evaluation {
        name: evaluation.id.to_string(),
        etag: etag::of(evaluation.version),
        contract: evaluation.contract.to_string(),
        region: evaluation.region.to_string(),
        kind: evaluation_kind(evaluation.plan.kind).into(),
        year: evaluation.plan.year,
        due_date: evaluation.plan.due_date.to_string(),
        state: state.into(),
        overdue: evaluation.is_overdue(today),
        report: report
            .map(|r| r.text.as_str().to_owned())
            .unwrap_or_default(),
        reported_by: report.map(|r| actor(&r.by)),
        report_time: report.map(|r| timestamp(r.at)),
        assessments: assessments.unwrap_or_default(),
        conclusion: conclusion
            .map(|c| c.text.as_str().to_owned())
            .unwrap_or_default(),
        concluded_by: conclusion.map(|c| actor(&c.by)),
        conclude_time: conclusion.map(|c| timestamp(c.at)),
        create_time: Some(timestamp(evaluation.created_at)),
    }
}

pub fn meeting_kind(kind: MeetingKind) -> pb::MeetingKind {
    match kind {
        MeetingKind::Review => pb::MeetingKind::Review,
        MeetingKind::Committee => pb::MeetingKind::Committee,
    }
}

pub fn meeting_kind_from(kind: pb::MeetingKind) -> Result<MeetingKind, Error> {
    match kind {
        pb::MeetingKind::Review => Ok(MeetingKind::Review),
        pb::MeetingKind::Committee => Ok(MeetingKind::Committee),
        pb::MeetingKind::Unspecified => Err(Error::invalid("kind", "is required")),
    }
}

/// A decision of the minutes, by its place in the request.
pub fn decision_from(place: usize, decision: &pb::MeetingDecision) -> Result<Decision, Error> {
    let due_date = match decision.due_date.as_str() {
        "" => None,
        text => Some(date(&format!("decisions[{place}].due_date"), text)?),
    };
    Ok(Decision {
        text: decision.text.clone(),
        owner: decision.owner.clone(),
        due_date,
        done_date: None,
        note: String::new(),
    })
}

/// A decision as it stands on a day.
pub fn decision(decision: &Decision, today: Date) -> pb::MeetingDecision {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    pb::MeetingDecision {
        text: decision.text.clone(),
        owner: decision.owner.clone(),
        due_date: day(decision.due_date),
        done_date: day(decision.done_date),
        note: decision.note.clone(),
        overdue: decision.is_overdue(today),
    }
}

/// A meeting as it stands on a day.
pub fn meeting(meeting: &Meeting, today: Date) -> pb::Meeting {
    let minutes = meeting.minutes.as_ref();
    let decisions = minutes.map(|m| m.decisions.iter().map(|d| decision(d, today)).collect());
    pb::Meeting {
        name: meeting.id.to_string(),
        etag: etag::of(meeting.version),
        contract: meeting.contract.to_string(),
        region: meeting.region.to_string(),
        kind: meeting_kind(meeting.plan.kind).into(),
        date: meeting.plan.date.to_string(),
        agenda: meeting.plan.agenda.clone(),
        minutes: minutes
            .map(|m| m.text.as_str().to_owned())
            .unwrap_or_default(),
        attendees: minutes.map(|m| m.attendees.clone()).unwrap_or_default(),
        decisions: decisions.unwrap_or_default(),
        recorded_by: minutes.map(|m| actor(&m.by)),
        record_time: minutes.map(|m| timestamp(m.at)),
        create_time: Some(timestamp(meeting.created_at)),
    }
}
