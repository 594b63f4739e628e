//! Mandates, tasks, renewals, evaluations, meetings and steps as the public events of `events.proto`.

use kernel::{Reasons, legal_time::legal_day};
use prost::{Message, Name};
use proto::contracts::v1 as pb;
use store::{Error, Fact};

use crate::{
    domain::{
        Mandate, Renewal, Task,
        follow_up::{Evaluation, EvaluationState, Meeting},
        renewal::State,
        step::CompletedStep,
    },
    grpc::convert,
};

/// A mandate was recorded.
pub fn mandate_registered(mandate: &Mandate) -> Result<Fact, Error> {
    let registered = pb::MandateRegistered {
        mandate: Some(pb::Mandate {
            // Persons stand in events as actors only: whom these name can be erased.
            subject: String::new(),
            ..convert::mandate(mandate)
        }),
    };
    of_mandate(mandate, &registered)
}

/// A mandate ends.
pub fn mandate_ended(mandate: &Mandate, reasons: &Reasons) -> Result<Fact, Error> {
    let ended = pb::MandateEnded {
        valid_to: mandate
            .terms
            .valid_to
            .map(|day| day.to_string())
            .unwrap_or_default(),
        reasons: reasons.as_str().to_owned(),
    };
    Ok(of_mandate(mandate, &ended)?.because(reasons.as_str()))
}

fn of_mandate<M: Message + Name>(mandate: &Mandate, message: &M) -> Result<Fact, Error> {
    let (id, region) = (mandate.id, mandate.region);
    Fact::new("mandate", id, mandate.version, id, region, message)
}

/// Something on a contract is to be looked at.
pub fn task_raised(task: &Task) -> Result<Fact, Error> {
    let raised = pb::TaskRaised {
        contract: task.contract.to_string(),
        kind: convert::task_kind(task.kind).into(),
        subject: task.subject.clone(),
        explanation: task.explanation.clone(),
    };
    of_task(task, &raised)
}

/// A person dealt with it.
pub fn task_completed(task: &Task) -> Result<Fact, Error> {
    let note = task
        .done
        .as_ref()
        .map(|done| done.note.as_str().to_owned())
        .unwrap_or_default();
    of_task(task, &pb::TaskCompleted { note })
}

fn of_task<M: Message + Name>(task: &Task, message: &M) -> Result<Fact, Error> {
    Fact::new(
        "task",
        task.id,
        task.version,
        task.contract,
        task.region,
        message,
    )
}

/// What a renewal has just become.
pub fn renewal(renewal: &Renewal) -> Result<Fact, Error> {
    let contract = renewal.contract.to_string();
    let why = |reasons: &Reasons| reasons.as_str().to_owned();
    match &renewal.state {
        State::Requested => {
            let requested = pb::RenewalRequested {
                contract,
                request: why(&renewal.request),
                late: renewal.late,
                receipt_date: renewal.receipt_date.to_string(),
                answer_due_date: renewal.answer_due_date.to_string(),
            };
            of_renewal(renewal, &requested)
        }
        State::Granted {
            successor,
            decision,
        } => {
            let granted = pb::RenewalGranted {
                contract,
                successor: successor.to_string(),
                reasons: why(&decision.reasons),
            };
            Ok(of_renewal(renewal, &granted)?.because(decision.reasons.as_str()))
        }
        State::Refused { decision } => {
            let refused = pb::RenewalRefused {
                contract,
                reasons: why(&decision.reasons),
            };
            Ok(of_renewal(renewal, &refused)?.because(decision.reasons.as_str()))
        }
        State::Tacit => of_renewal(renewal, &pb::RenewalBySilence { contract }),
        State::TacitConfirmed {
            new_end_date,
            decision,
        } => {
            let confirmed = pb::TacitRenewalConfirmed {
                contract,
                new_end_date: new_end_date.to_string(),
                reasons: why(&decision.reasons),
            };
            Ok(of_renewal(renewal, &confirmed)?.because(decision.reasons.as_str()))
        }
    }
}

fn of_renewal<M: Message + Name>(renewal: &Renewal, message: &M) -> Result<Fact, Error> {
    let (version, region) = (renewal.version, renewal.region);
    Fact::new(
        "renewal",
        renewal.id,
        version,
        renewal.contract,
        region,
        message,
    )
}

/// What an evaluation has just become.
pub fn evaluation(evaluation: &Evaluation) -> Result<Fact, Error> {
    match &evaluation.state {
        EvaluationState::Planned => {
            let planned = pb::EvaluationPlanned {
                contract: evaluation.contract.to_string(),
                kind: convert::follow_up::evaluation_kind(evaluation.plan.kind).into(),
                year: evaluation.plan.year,
                due_date: evaluation.plan.due_date.to_string(),
            };
            of_evaluation(evaluation, &planned)
        }
        EvaluationState::Reported { report } => {
            let report = report.text.as_str().to_owned();
            of_evaluation(evaluation, &pb::EvaluationReported { report })
        }
        EvaluationState::Concluded { conclusion, .. } => {
            let assessments = conclusion.assessments.iter();
            let concluded = pb::EvaluationConcluded {
                contract: evaluation.contract.to_string(),
                assessments: assessments.map(convert::follow_up::assessment).collect(),
                conclusion: conclusion.text.as_str().to_owned(),
            };
            Ok(of_evaluation(evaluation, &concluded)?.because(conclusion.text.as_str()))
        }
    }
}

fn of_evaluation<M: Message + Name>(evaluation: &Evaluation, message: &M) -> Result<Fact, Error> {
    let (version, region) = (evaluation.version, evaluation.region);
    Fact::new(
        "evaluation",
        evaluation.id,
        version,
        evaluation.contract,
        region,
        message,
    )
}

/// A meeting was planned.
pub fn meeting_planned(meeting: &Meeting) -> Result<Fact, Error> {
    let planned = pb::MeetingPlanned {
        contract: meeting.contract.to_string(),
        kind: convert::follow_up::meeting_kind(meeting.plan.kind).into(),
        date: meeting.plan.date.to_string(),
        agenda: meeting.plan.agenda.clone(),
    };
    of_meeting(meeting, &planned)
}

/// Its minutes were recorded.
pub fn minutes_recorded(meeting: &Meeting) -> Result<Fact, Error> {
    let Some(minutes) = &meeting.minutes else {
        return Err(Error::Inconsistent("a meeting without minutes".to_owned()));
    };
    let today = legal_day(minutes.at, meeting.region);
    let decisions = minutes.decisions.iter();
    let recorded = pb::MinutesRecorded {
        minutes: minutes.text.as_str().to_owned(),
        attendees: minutes.attendees.clone(),
        decisions: decisions
            .map(|d| convert::follow_up::decision(d, today))
            .collect(),
    };
    of_meeting(meeting, &recorded)
}

/// What it decided is done.
pub fn decision_completed(
    meeting: &Meeting,
    done: &pb::MeetingDecisionCompleted,
) -> Result<Fact, Error> {
    of_meeting(meeting, done)
}

fn of_meeting<M: Message + Name>(meeting: &Meeting, message: &M) -> Result<Fact, Error> {
    let (version, region) = (meeting.version, meeting.region);
    Fact::new(
        "meeting",
        meeting.id,
        version,
        meeting.contract,
        region,
        message,
    )
}

/// Who owes a step told that it is done.
pub fn step_completed(completed: &CompletedStep) -> Result<Fact, Error> {
    let told = convert::completed_step(completed);
    let message = pb::StepCompleted {
        contract: completed.contract.to_string(),
        commitment: told.commitment,
        title: told.title,
        due_date: told.due_date,
        done_date: told.done_date,
        note: told.note,
        attachments: told.attachments,
    };
    let (contract, region) = (completed.contract, completed.region);
    Fact::new("step", completed.id, 1, contract, region, &message)
}
