//! Reviews and procedures.

use kit::timestamp;
use proto::{contracts::v1 as pb, types::v1 as types};
use rpc::{Error, etag};

use super::{actor, allowed_actions};
use crate::{
    domain::{
        AllowedAction, Review, Side,
        review::{
            AttachedFinding, Conclusion, Examination, Observations, Outcome, Severity, State,
        },
    },
    store::procedure::Recorded,
};

/// A review as one side may read it, with what its reader may do.
pub fn review(review: &Review, side: Side, actions: &[AllowedAction]) -> pb::Review {
    let notification = review.state.notification();
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
        notify_time: notification.map(|n| timestamp(n.at)),
        observations_due_date: notification
            .map(|n| n.due_date.to_string())
            .unwrap_or_default(),
        observations: review.observations.iter().map(observations).collect(),
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
    }
}

fn observations(observations: &Observations) -> pb::Observations {
    pb::Observations {
        text: observations.text.as_str().to_owned(),
        author: Some(actor(&observations.by)),
        submit_time: Some(timestamp(observations.at)),
    }
}

fn examination(examination: &Examination) -> pb::Examination {
    pb::Examination {
        analysis: examination.analysis.as_str().to_owned(),
        recommended_outcome: outcome(examination.recommended).into(),
        reviewer: Some(actor(&examination.by)),
        examine_time: Some(timestamp(examination.at)),
    }
}

fn conclusion(conclusion: &Conclusion) -> pb::Conclusion {
    pb::Conclusion {
        outcome: outcome(conclusion.outcome).into(),
        reasons: conclusion.reasons.as_str().to_owned(),
        author: Some(actor(&conclusion.by)),
        conclude_time: Some(timestamp(conclusion.at)),
        procedure: conclusion
            .procedure
            .map(|id| id.to_string())
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

pub fn procedure(procedure: &Recorded) -> pb::Procedure {
    pb::Procedure {
        name: procedure.id.to_string(),
        etag: etag::of(procedure.version),
        region: procedure.region.to_string(),
        contract: procedure.contract.to_string(),
        review: procedure.review.to_string(),
        state: pb::ProcedureState::Proposed.into(),
        proposer: Some(actor(&procedure.proposer)),
        reasons: procedure.reasons.as_str().to_owned(),
        propose_time: Some(timestamp(procedure.proposed_at)),
    }
}
