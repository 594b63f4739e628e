//! Procedures.

use kernel::{Decimal, Region};
use kit::timestamp;
use proto::contracts::v1 as pb;
use rpc::{Error, etag};
use time::OffsetDateTime;

use super::{actor, allowed_actions, delivery};
use crate::domain::{
    AllowedAction, MandateId, Procedure, Side,
    procedure::{
        Appeal, AppealKind, AppealOutcome, CapCheck, Decision, FileRequest, Ground, Kind, Notice,
        Opening, Payment, Referral, Sanction, State, defence::Consultation,
    },
};

/// A procedure as one side may read it, with what its reader may do.
pub fn procedure(
    procedure: &Procedure,
    side: Side,
    actions: &[AllowedAction],
    now: OffsetDateTime,
) -> pb::Procedure {
    let (region, disclosed) = (procedure.region, procedure.is_disclosed_to(side));
    let proposal = &procedure.proposal;
    let reasons = proposal.reasons.as_str().to_owned();
    pb::Procedure {
        name: procedure.id.to_string(),
        etag: etag::of(procedure.version),
        region: region.to_string(),
        contract: procedure.contract.to_string(),
        review: procedure
            .ground
            .review()
            .map(|id| id.to_string())
            .unwrap_or_default(),
        state: state(&procedure.state, disclosed).into(),
        proposer: disclosed.then(|| actor(&proposal.by)),
        reasons: if disclosed { reasons } else { String::new() },
        propose_time: Some(timestamp(proposal.at)),
        kind: kind(procedure.kind).into(),
        finding: procedure
            .ground
            .finding()
            .map(|id| id.to_string())
            .unwrap_or_default(),
        opening: procedure.state.opening().map(opening),
        notice: procedure
            .state
            .notice()
            .map(|n| notice(n, region, side, now)),
        observations: procedure
            .observations
            .iter()
            .map(delivery::observations)
            .collect(),
        hearings: procedure.hearings.iter().map(delivery::hearing).collect(),
        file_accesses: procedure.file_requests.iter().map(file_access).collect(),
        decision: procedure
            .state
            .decision()
            .filter(|_| disclosed)
            .map(|decision| decided(procedure, decision, Some(now))),
        payments: procedure.payments.iter().map(payment).collect(),
        referral: procedure.referral.as_ref().map(referral),
        appeals: procedure.appeals.iter().map(appeal).collect(),
        drop_reasons: procedure
            .state
            .ending()
            .map(|ending| ending.reasons.as_str().to_owned())
            .unwrap_or_default(),
        allowed_actions: allowed_actions(actions),
        defence_consultation: procedure
            .defence
            .as_ref()
            .filter(|_| disclosed)
            .map(defence),
        balance_eur: procedure
            .balance()
            .filter(|_| disclosed)
            .map(euros)
            .unwrap_or_default(),
    }
}

/// Euros with two decimals.
fn euros(amount: Decimal) -> String {
    format!("{amount:.2}")
}

/// Euros from a text that the wire has checked; none when it is empty.
pub fn euros_from(field: &'static str, text: &str) -> Result<Option<Decimal>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse()
        .map(Some)
        .map_err(|error| Error::invalid(field, error))
}

/// While a decision is not notified it is not communicable (CRPA L311-2): the other side reads on as if under notice.
fn state(state: &State, disclosed: bool) -> pb::ProcedureState {
    match state {
        State::Proposed => pb::ProcedureState::Proposed,
        State::Opened(..) => pb::ProcedureState::Opened,
        State::Decided(..) if disclosed => pb::ProcedureState::Decided,
        State::UnderNotice(..) | State::Decided(..) => pb::ProcedureState::UnderNotice,
        State::Notified(..) => pb::ProcedureState::Notified,
        State::Dropped(..) => pb::ProcedureState::Dropped,
        State::Annulled(..) => pb::ProcedureState::Annulled,
    }
}

/// The state that restricts a list, as it is stored; none for all of them.
pub fn procedure_state_filter(state: pb::ProcedureState) -> Option<&'static str> {
    state
        .as_str_name()
        .strip_prefix("PROCEDURE_STATE_")
        .filter(|name| *name != "UNSPECIFIED")
}

pub fn kind(kind: Kind) -> pb::ProcedureKind {
    match kind {
        Kind::Penalty => pb::ProcedureKind::Penalty,
        Kind::Termination => pb::ProcedureKind::Termination,
        Kind::RefusalToSign => pb::ProcedureKind::RefusalToSign,
    }
}

/// What a procedure rests on.
pub fn ground(procedure: &Procedure) -> pb::ProcedureGround {
    let contract = procedure.contract.to_string();
    match &procedure.ground {
        Ground::Refusal => pb::ProcedureGround {
            contract,
            ..Default::default()
        },
        Ground::Review {
            review,
            campaign,
            year,
            finding,
            control,
        } => pb::ProcedureGround {
            contract,
            review: review.to_string(),
            campaign: campaign.to_string(),
            year: *year,
            finding: finding.to_string(),
            control: control.map(|id| id.to_string()).unwrap_or_default(),
        },
    }
}

fn delegation(mandate: Option<MandateId>) -> String {
    mandate.map(|id| id.to_string()).unwrap_or_default()
}

fn opening(opening: &Opening) -> pb::ProcedureOpening {
    pb::ProcedureOpening {
        reasons: opening.reasons.as_str().to_owned(),
        author: Some(actor(&opening.by)),
        open_time: Some(timestamp(opening.at)),
        mandate: delegation(opening.mandate),
    }
}

fn notice(notice: &Notice, region: Region, side: Side, now: OffsetDateTime) -> pb::FormalNotice {
    let delay = &notice.delay;
    let reading = notice.reading.as_ref().filter(|_| side == Side::Ars);
    pb::FormalNotice {
        reasons: notice.reasons.as_str().to_owned(),
        measures: notice.measures.as_str().to_owned(),
        author: Some(actor(&notice.by)),
        delivery: Some(delivery::delivery(&delay.delivery, region, Some(now))),
        due_date: delay
            .due(region)
            .map(|day| day.to_string())
            .unwrap_or_default(),
        extension_reasons: delay
            .extension
            .as_ref()
            .map(|extension| extension.reasons.as_str().to_owned())
            .unwrap_or_default(),
        reader: reading.map(|reading| actor(&reading.by)),
        observations_read: reading
            .and_then(|reading| i32::try_from(reading.answers_read).ok())
            .unwrap_or_default(),
        mandate: delegation(notice.mandate),
    }
}

fn file_access(request: &FileRequest) -> pb::FileAccess {
    let granted = request.granted.as_ref();
    pb::FileAccess {
        request_time: Some(timestamp(request.at)),
        requester: Some(actor(&request.by)),
        grant_time: granted.map(|grant| timestamp(grant.at)),
        documents: granted
            .map(|grant| grant.documents.as_str().to_owned())
            .unwrap_or_default(),
    }
}

/// A decision; its delivery is that of the procedure.
pub fn decided(
    procedure: &Procedure,
    decision: &Decision,
    now: Option<OffsetDateTime>,
) -> pb::ProcedureDecision {
    let (region, delay) = (procedure.region, procedure.state.payment_delay());
    let mut message = pb::ProcedureDecision {
        reasons: decision.reasons.as_str().to_owned(),
        author: Some(actor(&decision.by)),
        decide_time: Some(timestamp(decision.at)),
        remedies: decision.remedies.clone(),
        algorithmic_notice: decision.algorithmic_notice.clone().unwrap_or_default(),
        delivery: delay.map(|delay| delivery::delivery(&delay.delivery, region, now)),
        mandate: delegation(decision.mandate),
        ..Default::default()
    };
    match &decision.sanction {
        Sanction::Penalty { amount, cap } => {
            message.amount_eur = euros(*amount);
            message.cap = Some(cap_check(cap));
            let due = delay.and_then(|delay| delay.due(region));
            message.payment_due_date = due.map(|day| day.to_string()).unwrap_or_default();
        }
        Sanction::Termination { on } => message.termination_date = on.to_string(),
    }
    message
}

fn cap_check(cap: &CapCheck) -> pb::CapCheck {
    pb::CapCheck {
        legal_entity: format!("legalEntities/{}", cap.entity),
        year: cap.year,
        cap_basis_points: i32::try_from(cap.basis_points).unwrap_or(i32::MAX),
        cap_source: cap.source.clone(),
        base_eur: euros(cap.base),
        base_source: cap.base_source.clone(),
        earlier_eur: euros(cap.earlier),
        cap_eur: euros(cap.cap()),
    }
}

pub fn payment(payment: &Payment) -> pb::Payment {
    pb::Payment {
        amount_eur: euros(payment.amount),
        date: payment.date.to_string(),
        reference: payment.reference.clone(),
        recorder: Some(actor(&payment.by)),
    }
}

fn referral(referral: &Referral) -> pb::Referral {
    pb::Referral {
        fund: referral.fund.clone(),
        author: Some(actor(&referral.by)),
        refer_time: Some(timestamp(referral.at)),
    }
}

/// What was asked of the minister of defence, and what came of it.
pub fn defence(asked: &Consultation) -> pb::DefenceConsultation {
    let mut message = pb::DefenceConsultation {
        request_date: asked.asked_on.to_string(),
        answer_due_date: asked.answer_by.to_string(),
        letter: asked.letter.clone(),
        attachments: asked.attachments.iter().map(delivery::attachment).collect(),
        recorder: Some(actor(&asked.by)),
        ..Default::default()
    };
    if let Some(answer) = &asked.answer {
        message.answer_date = answer.received_on.to_string();
        answer.text.as_str().clone_into(&mut message.answer);
        message.continuity_end_date = answer
            .continuity_until
            .map(|day| day.to_string())
            .unwrap_or_default();
        message.answer_attachments = answer
            .attachments
            .iter()
            .map(delivery::attachment)
            .collect();
        message.answer_recorder = Some(actor(&answer.by));
    }
    message
}

pub fn appeal(appeal: &Appeal) -> pb::Appeal {
    let kind = match appeal.kind {
        AppealKind::Gracious => pb::AppealKind::Gracious,
        AppealKind::Hierarchical => pb::AppealKind::Hierarchical,
        AppealKind::Judicial => pb::AppealKind::Judicial,
    };
    let mut message = pb::Appeal {
        kind: kind.into(),
        file_date: appeal.date.to_string(),
        grounds: appeal.grounds.as_str().to_owned(),
        ..Default::default()
    };
    if let Some(end) = &appeal.ended {
        let outcome = match end.outcome {
            AppealOutcome::Upheld => pb::AppealOutcome::Upheld,
            AppealOutcome::Reduced(_) => pb::AppealOutcome::Reduced,
            AppealOutcome::Annulled => pb::AppealOutcome::Annulled,
            AppealOutcome::Withdrawn => pb::AppealOutcome::Withdrawn,
        };
        message.outcome = outcome.into();
        message.outcome_date = end.date.to_string();
        message.outcome_reasons = end.reasons.clone().into();
        if let AppealOutcome::Reduced(amount) = end.outcome {
            message.reduced_amount_eur = euros(amount);
        }
    }
    message
}

pub fn appeal_kind_from(kind: pb::AppealKind) -> Result<AppealKind, Error> {
    match kind {
        pb::AppealKind::Gracious => Ok(AppealKind::Gracious),
        pb::AppealKind::Hierarchical => Ok(AppealKind::Hierarchical),
        pb::AppealKind::Judicial => Ok(AppealKind::Judicial),
        pb::AppealKind::Unspecified => Err(Error::invalid("kind", "is required")),
    }
}

/// How an appeal ended: the reduced amount goes with a reduction, and with nothing else.
pub fn appeal_outcome_from(
    outcome: pb::AppealOutcome,
    reduced: Option<Decimal>,
) -> Result<AppealOutcome, Error> {
    const FIELD: &str = "reduced_amount_eur";
    match (outcome, reduced) {
        (pb::AppealOutcome::Reduced, Some(amount)) => Ok(AppealOutcome::Reduced(amount)),
        (pb::AppealOutcome::Reduced, None) => Err(Error::invalid(
            FIELD,
            "is required when the penalty is reduced",
        )),
        (_, Some(_)) => Err(Error::invalid(FIELD, "goes with a reduction only")),
        (pb::AppealOutcome::Upheld, None) => Ok(AppealOutcome::Upheld),
        (pb::AppealOutcome::Annulled, None) => Ok(AppealOutcome::Annulled),
        (pb::AppealOutcome::Withdrawn, None) => Ok(AppealOutcome::Withdrawn),
        (pb::AppealOutcome::Unspecified, None) => Err(Error::invalid("outcome", "is required")),
    }
}
