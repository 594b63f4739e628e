//! Facts of procedures and of consents as the public events of `events.proto`.

use kernel::Region;
use prost::{Message, Name};
use proto::contracts::v1 as pb;
use store::{Error, Fact};

use crate::{
    domain::{MandateId, Procedure, consent::Consent, procedure::Event},
    grpc::convert,
};

/// A procedure that a person proposed.
pub fn proposed(procedure: &Procedure) -> Result<Fact, Error> {
    let reasons = procedure.proposal.reasons.as_str();
    let proposed = pb::ProcedureProposed {
        contract: procedure.contract.to_string(),
        review: procedure
            .ground
            .review()
            .map(|id| id.to_string())
            .unwrap_or_default(),
        reasons: reasons.to_owned(),
        kind: convert::kind(procedure.kind).into(),
        ground: Some(convert::ground(procedure)),
    };
    Ok(of_procedure(procedure, &proposed)?.because(reasons))
}

/// What a person did to a procedure that it has just brought to its version.
pub fn human(procedure: &Procedure, event: &Event) -> Result<Fact, Error> {
    let ground = || Some(convert::ground(procedure));
    let kind = convert::kind(procedure.kind).into();
    match event {
        Event::Opened {
            reasons, mandate, ..
        } => {
            let reasons = reasons.as_str().to_owned();
            let opened = pb::ProcedureOpened {
                ground: ground(),
                kind,
                reasons: reasons.clone(),
                mandate: delegation(*mandate),
            };
            Ok(of_procedure(procedure, &opened)?.because(reasons))
        }
        Event::NoticeSent {
            reasons,
            measures,
            mandate,
            ..
        } => {
            let sent = pb::FormalNoticeSent {
                reasons: reasons.as_str().to_owned(),
                measures: measures.as_str().to_owned(),
                delivery: notice_delivery(procedure),
                due_date: notice_due(procedure),
                mandate: delegation(*mandate),
            };
            Ok(of_procedure(procedure, &sent)?.because(reasons.as_str()))
        }
        Event::NoticeReceived(_) => {
            let received = pb::FormalNoticeReceived {
                delivery: notice_delivery(procedure),
                due_date: notice_due(procedure),
            };
            of_procedure(procedure, &received)
        }
        Event::Answered {
            text, attachments, ..
        } => {
            let answered = pb::FormalNoticeAnswered {
                text: text.as_str().to_owned(),
                attachments: attachments.iter().map(convert::attachment).collect(),
            };
            of_procedure(procedure, &answered)
        }
        Event::HearingRecorded { .. } => {
            let hearing = procedure.hearings.last().map(convert::hearing);
            of_procedure(procedure, &pb::ProcedureHearingRecorded { hearing })
        }
        Event::FileRequested { .. } => of_procedure(procedure, &pb::FileAccessRequested {}),
        Event::FileGranted { documents, .. } => {
            let documents = documents.as_str().to_owned();
            of_procedure(procedure, &pb::FileAccessGranted { documents })
        }
        Event::Extended {
            reasons, mandate, ..
        } => {
            let extended = pb::FormalNoticeExtended {
                reasons: reasons.as_str().to_owned(),
                due_date: notice_due(procedure),
                mandate: delegation(*mandate),
            };
            Ok(of_procedure(procedure, &extended)?.because(reasons.as_str()))
        }
        Event::Acknowledged { answers_read, .. } => {
            let observations_read = i32::try_from(*answers_read).unwrap_or(i32::MAX);
            of_procedure(
                procedure,
                &pb::ObservationsAcknowledged { observations_read },
            )
        }
        Event::Dropped {
            reasons, mandate, ..
        } => {
            let dropped = pb::ProcedureDropped {
                ground: ground(),
                kind,
                reasons: reasons.as_str().to_owned(),
                mandate: delegation(*mandate),
            };
            Ok(of_procedure(procedure, &dropped)?.because(reasons.as_str()))
        }
        Event::Decided { reasons, .. } => {
            let decision = procedure.state.decision();
            let decided = pb::ProcedureDecided {
                ground: ground(),
                kind,
                decision: decision.map(|d| convert::decided(procedure, d, None)),
            };
            Ok(of_procedure(procedure, &decided)?.because(reasons.as_str()))
        }
        Event::DecisionNotified { .. } => {
            let (delivery, payment_due_date) = payment_delay(procedure);
            let notified = pb::DecisionNotified {
                delivery,
                payment_due_date,
            };
            of_procedure(procedure, &notified)
        }
        Event::DecisionReceived(_) => {
            let (delivery, payment_due_date) = payment_delay(procedure);
            let received = pb::DecisionReceived {
                delivery,
                payment_due_date,
            };
            of_procedure(procedure, &received)
        }
        Event::Paid(payment) => {
            let payment = Some(convert::payment(payment));
            of_procedure(procedure, &pb::PenaltyPaid { payment })
        }
        Event::Referred { fund, .. } => {
            let fund = fund.clone();
            of_procedure(procedure, &pb::PenaltyReferred { fund })
        }
        Event::AppealFiled { appeal, .. } => {
            let filed = pb::AppealFiled {
                ground: ground(),
                appeal: Some(convert::appeal(appeal)),
            };
            of_procedure(procedure, &filed)
        }
        Event::DefenceConsulted(_) => {
            let consultation = procedure.defence.as_ref().map(convert::defence);
            of_procedure(procedure, &pb::DefenceConsulted { consultation })
        }
        Event::DefenceAnswered(_) => {
            let consultation = procedure.defence.as_ref().map(convert::defence);
            of_procedure(procedure, &pb::DefenceAnswered { consultation })
        }
        Event::AppealEnded { rank, end, .. } => {
            let appeal = procedure.appeals.get(rank.saturating_sub(1));
            let decided = pb::AppealDecided {
                ground: ground(),
                rank: i32::try_from(*rank).unwrap_or(i32::MAX),
                appeal: appeal.map(convert::appeal),
            };
            Ok(of_procedure(procedure, &decided)?.because(end.reasons.as_str()))
        }
    }
}

fn notice_delivery(procedure: &Procedure) -> Option<pb::Delivery> {
    let notice = procedure.state.notice()?;
    let delivery = &notice.delay.delivery;
    Some(convert::delivery(delivery, procedure.region, None))
}

fn notice_due(procedure: &Procedure) -> String {
    let notice = procedure.state.notice();
    notice
        .and_then(|notice| notice.delay.due(procedure.region))
        .map(|day| day.to_string())
        .unwrap_or_default()
}

/// How the decision was sent, and until when a penalty may be paid.
fn payment_delay(procedure: &Procedure) -> (Option<pb::Delivery>, String) {
    let Some(delay) = procedure.state.payment_delay() else {
        return (None, String::new());
    };
    let due = delay
        .due(procedure.region)
        .filter(|_| procedure.penalty().is_some());
    (
        Some(convert::delivery(&delay.delivery, procedure.region, None)),
        due.map(|day| day.to_string()).unwrap_or_default(),
    )
}

fn of_procedure<M: Message + Name>(procedure: &Procedure, message: &M) -> Result<Fact, Error> {
    let (name, version) = (procedure.id, procedure.version);
    let (root, region) = (procedure.contract, procedure.region);
    Fact::new("procedure", name, version, root, region, message)
}

/// A consent, given or taken back.
pub fn consent(consent: &Consent) -> Result<Fact, Error> {
    if consent.given {
        of_consent(consent, consent.region, &pb::DeliveryConsentGiven {})
    } else {
        of_consent(consent, consent.region, &pb::DeliveryConsentWithdrawn {})
    }
}

fn of_consent<M: Message + Name>(
    consent: &Consent,
    region: Region,
    message: &M,
) -> Result<Fact, Error> {
    let name = convert::consent_name(consent.entity);
    let root = format!("legalEntities/{}", consent.entity);
    Fact::new(
        "delivery_consent",
        name,
        consent.version,
        root,
        region,
        message,
    )
}

fn delegation(mandate: Option<MandateId>) -> String {
    mandate.map(|id| id.to_string()).unwrap_or_default()
}
