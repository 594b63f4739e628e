//! Reviews and procedures.

use kit::timestamp;
use proto::{contracts::v1 as pb, types::v1 as types};
use rpc::{Error, etag};
use time::OffsetDateTime;

use super::{actor, allowed_actions, delivery};
use crate::domain::{
    AllowedAction, Review, Side,
    review::{
        AttachedFinding, Conclusion, Ending, Examination, Milestone, Outcome, Severity, State,
    },
};

/// A review as one side may read it, with what its reader may do.
pub fn review(
    review: &Review,
    contract_number: &str,
    side: Side,
    actions: &[AllowedAction],
    now: OffsetDateTime,
) -> pb::Review {
    let delay = review.state.notification().map(|n| &n.delay);
    let extension = delay.and_then(|delay| delay.extension.as_ref());
    let disclosed = review.is_disclosed_to(side);
    pb::Review {
        name: review.id.to_string(),
        etag: etag::of(review.version),
        region: review.region.to_string(),
        contract: review.contract.to_string(),
        campaign: review.campaign.to_string(),
        year: review.year,
        state: state(&review.state).into(),
        findings: review.findings.iter().map(finding).collect(),
        create_time: Some(timestamp(review.created_at)),
        notify_time: delay.map(|delay| timestamp(delay.delivery.sent_at)),
        observations_due_date: delay
            .and_then(|delay| delay.due(review.region))
            .map(|day| day.to_string())
            .unwrap_or_default(),
        observations: review
            .observations
            .iter()
            .map(delivery::observations)
            .collect(),
        examination: review
            .state
            .examination()
            .filter(|_| disclosed)
            .map(examination),
        conclusion: review
            .state
            .conclusion()
            .filter(|_| disclosed)
            .map(conclusion),
        allowed_actions: allowed_actions(actions),
        changed_after_conclusion: review.changed_after_conclusion(),
        delivery: delay.map(|d| delivery::delivery(&d.delivery, review.region, Some(now))),
        extension_reasons: extension
            .map(|extension| extension.reasons.as_str().to_owned())
            .unwrap_or_default(),
        hearings: review.hearings.iter().map(delivery::hearing).collect(),
        context: review.context.iter().map(delivery::context_note).collect(),
        reopenings: i32::try_from(review.reopenings).unwrap_or(i32::MAX),
        contract_number: contract_number.to_owned(),
    }
}

fn state(state: &State) -> pb::ReviewState {
    match state {
        State::Open => pb::ReviewState::Open,
        State::Notified { .. } => pb::ReviewState::Notified,
        State::Examined { .. } => pb::ReviewState::Examined,
        State::Concluded { .. } => pb::ReviewState::Concluded,
    }
}

/// The state that restricts a list, as it is stored; none for all of them.
pub fn review_state_filter(state: pb::ReviewState) -> Option<&'static str> {
    state
        .as_str_name()
        .strip_prefix("REVIEW_STATE_")
        .filter(|name| *name != "UNSPECIFIED")
}

pub fn finding(finding: &AttachedFinding) -> pb::AttachedFinding {
    let severity = match finding.severity {
        Severity::Info => types::Severity::Info,
        Severity::Minor => types::Severity::Minor,
        Severity::Major => types::Severity::Major,
        Severity::Grave => types::Severity::Grave,
    };
    let withdrawal = finding.withdrawn.as_ref();
    let correction = finding.corrected.as_ref();
    pb::AttachedFinding {
        finding: finding.finding.to_string(),
        objective: finding.objective.clone(),
        summary: finding.summary.clone(),
        severity: severity.into(),
        opposable: finding.opposable,
        penalty_eligible: finding.penalty_eligible,
        attach_time: Some(timestamp(finding.attached_at)),
        withdraw_time: withdrawal.map(|w| timestamp(w.at)),
        withdrawal_reason: withdrawal.map(|w| w.reason.clone()).unwrap_or_default(),
        control: finding.control.map(|id| id.to_string()).unwrap_or_default(),
        correct_time: correction.map(|c| timestamp(c.at)),
        correction_reason: correction.map(|c| c.reason.clone()).unwrap_or_default(),
    }
}

fn examination(examination: &Examination) -> pb::Examination {
    pb::Examination {
        analysis: examination.analysis.as_str().to_owned(),
        recommended_outcome: outcome(examination.recommended).into(),
        reviewer: Some(actor(&examination.by)),
        examine_time: Some(timestamp(examination.at)),
        observations_read: i32::try_from(examination.answers_read).unwrap_or(i32::MAX),
    }
}

fn conclusion(conclusion: &Conclusion) -> pb::Conclusion {
    let ending = &conclusion.ending;
    let (amendment, objectives) = amendment(ending);
    pb::Conclusion {
        outcome: outcome(ending.outcome()).into(),
        reasons: conclusion.reasons.as_str().to_owned(),
        author: Some(actor(&conclusion.by)),
        conclude_time: Some(timestamp(conclusion.at)),
        procedure: ending
            .procedure()
            .map(|id| id.to_string())
            .unwrap_or_default(),
        milestones: ending.milestones().iter().map(milestone).collect(),
        objectives,
        amendment,
    }
}

/// The amendment that an ending opens, and the objectives it concerns.
pub fn amendment(ending: &Ending) -> (String, Vec<String>) {
    match ending {
        Ending::AmendmentProposed {
            amendment,
            objectives,
        } => (amendment.to_string(), objectives.clone()),
        Ending::NoAction | Ending::ActionPlan { .. } | Ending::SanctionProposed { .. } => {
            Default::default()
        }
    }
}

/// A step of an action plan.
pub fn milestone(milestone: &Milestone) -> pb::Milestone {
    let reached = milestone.reached.as_ref();
    pb::Milestone {
        title: milestone.title.clone(),
        due_date: milestone.due.to_string(),
        complete_time: reached.map(|reached| timestamp(reached.at)),
        completion_note: reached
            .map(|reached| reached.note.as_str().to_owned())
            .unwrap_or_default(),
    }
}

pub fn outcome(outcome: Outcome) -> pb::Outcome {
    match outcome {
        Outcome::NoAction => pb::Outcome::NoAction,
        Outcome::ActionPlan => pb::Outcome::ActionPlan,
        Outcome::AmendmentProposed => pb::Outcome::AmendmentProposed,
        Outcome::SanctionProposed => pb::Outcome::SanctionProposed,
    }
}

pub fn outcome_from(field: &'static str, outcome: pb::Outcome) -> Result<Outcome, Error> {
    match outcome {
        pb::Outcome::NoAction => Ok(Outcome::NoAction),
        pb::Outcome::ActionPlan => Ok(Outcome::ActionPlan),
        pb::Outcome::AmendmentProposed => Ok(Outcome::AmendmentProposed),
        pb::Outcome::SanctionProposed => Ok(Outcome::SanctionProposed),
        pb::Outcome::Unspecified => Err(Error::invalid(field, "is required")),
    }
}
