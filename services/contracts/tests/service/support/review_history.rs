//! The recorded history of reviews and procedures, read back into the events of the domain.

use contracts::{
    domain::{
        delivery::{Channel, Receipt},
        procedure::{self, Procedure},
        review::{
            self, Ending, Milestone, Outcome, Severity,
            human::HumanEvent,
            machine::{Corrected, MachineEvent, Opening, RaisedFinding},
        },
        statement::Minutes,
    },
    grpc::convert,
};
use kernel::HumanActor;
use proto::{contracts::v1 as pb, history::v1::Event, types::v1 as types};

use super::history::{data, person, reasons};

fn outcome(outcome: pb::Outcome) -> Outcome {
    convert::outcome_from("outcome", outcome).unwrap()
}

fn severity(severity: types::Severity) -> Severity {
    match severity {
        types::Severity::Minor => Severity::Minor,
        types::Severity::Major => Severity::Major,
        types::Severity::Grave => Severity::Grave,
        other => panic!("no test raises {other:?}"),
    }
}

fn sent(delivery: &pb::Delivery) -> (Channel, bool) {
    (
        convert::channel_from(delivery.channel()),
        delivery.consented,
    )
}

fn receipt(delivery: pb::Delivery) -> Receipt {
    Receipt {
        day: convert::date("receipt_date", &delivery.receipt_date).unwrap(),
        proof: Some(delivery.proof).filter(|proof| !proof.is_empty()),
        by: person(delivery.recorder.as_ref()),
    }
}

fn minutes(hearing: pb::Hearing) -> Minutes {
    convert::minutes(
        &hearing.date,
        hearing.participants,
        hearing.minutes,
        hearing.attachments,
    )
    .unwrap()
}

fn ending(concluded: &pb::ReviewConcluded) -> Ending {
    match outcome(concluded.outcome()) {
        Outcome::NoAction => Ending::NoAction,
        Outcome::ActionPlan => Ending::ActionPlan {
            milestones: concluded
                .milestones
                .iter()
                .map(|milestone| Milestone {
                    title: milestone.title.clone(),
                    due: convert::date("due_date", &milestone.due_date).unwrap(),
                    reached: None,
                })
                .collect(),
        },
        Outcome::AmendmentProposed => Ending::AmendmentProposed {
            amendment: concluded.amendment.parse().unwrap(),
            objectives: concluded.objectives.clone(),
        },
        Outcome::SanctionProposed => Ending::SanctionProposed {
            procedure: concluded.procedure.parse().unwrap(),
        },
    }
}

fn machine_event(event: &Event, name: &str) -> Option<MachineEvent> {
    Some(match name {
        "ReviewOpened" => {
            let opened: pb::ReviewOpened = data(event);
            MachineEvent::Opened(Opening {
                region: event.region.parse().unwrap(),
                contract: opened.contract.parse().unwrap(),
                campaign: opened.campaign.parse().unwrap(),
                year: opened.year,
            })
        }
        "FindingAttached" => {
            let attached = data::<pb::FindingAttached>(event).finding.unwrap();
            MachineEvent::FindingAttached(RaisedFinding {
                severity: severity(attached.severity()),
                finding: attached.finding.parse().unwrap(),
                objective: attached.objective,
                summary: attached.summary,
                opposable: attached.opposable,
                penalty_eligible: attached.penalty_eligible,
                control: attached.control.parse().ok(),
            })
        }
        "FindingDetached" => {
            let detached: pb::FindingDetached = data(event);
            let (finding, reason) = (detached.finding.parse().unwrap(), detached.reason);
            MachineEvent::FindingDetached { finding, reason }
        }
        "FindingAmended" => {
            let amended: pb::FindingAmended = data(event);
            let finding = amended.finding.unwrap();
            MachineEvent::FindingAmended {
                corrected: Corrected {
                    severity: severity(finding.severity()),
                    summary: finding.summary,
                    opposable: finding.opposable,
                    penalty_eligible: finding.penalty_eligible,
                },
                finding: finding.finding.parse().unwrap(),
                reason: amended.reason,
            }
        }
        _ => return None,
    })
}

pub(super) fn review_event(event: &Event) -> review::Event {
    let name = event.r#type.strip_prefix("cpom.contracts.v1.").unwrap();
    if let Some(event) = machine_event(event, name) {
        return review::Event::Machine(event);
    }
    let by: HumanActor = person(event.actor.as_ref());
    review::Event::Human(match name {
        "ReviewNotified" => {
            let notified: pb::ReviewNotified = data(event);
            let (channel, consented) = sent(&notified.delivery.unwrap());
            HumanEvent::Notified {
                message: reasons(&notified.message),
                channel,
                consented,
                // The dated parameter, in the tests that replay.
                months: 1,
                by,
            }
        }
        "ReviewReceived" => {
            let received: pb::ReviewReceived = data(event);
            HumanEvent::Received(receipt(received.delivery.unwrap()))
        }
        "ObservationPeriodExtended" => {
            let extended: pb::ObservationPeriodExtended = data(event);
            HumanEvent::Extended {
                reasons: reasons(&extended.reasons),
                by,
            }
        }
        "ObservationsSubmitted" => {
            let submitted: pb::ObservationsSubmitted = data(event);
            HumanEvent::ObservationsSubmitted {
                text: reasons(&submitted.text),
                attachments: convert::attachments_from(submitted.attachments).unwrap(),
                by,
            }
        }
        "ReviewHearingRecorded" => {
            let recorded: pb::ReviewHearingRecorded = data(event);
            HumanEvent::HearingRecorded {
                minutes: minutes(recorded.hearing.unwrap()),
                by,
            }
        }
        "ReviewContextAdded" => {
            let note = data::<pb::ReviewContextAdded>(event).note.unwrap();
            HumanEvent::ContextAdded {
                title: note.title,
                text: reasons(&note.text),
                references: note.references,
                attachments: convert::attachments_from(note.attachments).unwrap(),
                by,
            }
        }
        "ReviewExamined" => {
            let examined: pb::ReviewExamined = data(event);
            HumanEvent::Examined {
                recommended: outcome(examined.recommended_outcome()),
                analysis: reasons(&examined.analysis),
                answers_read: usize::try_from(examined.observations_read).unwrap(),
                by,
            }
        }
        "ReviewConcluded" => {
            let concluded: pb::ReviewConcluded = data(event);
            HumanEvent::Concluded {
                ending: ending(&concluded),
                reasons: reasons(&concluded.reasons),
                by,
            }
        }
        "MilestoneCompleted" => {
            let completed: pb::MilestoneCompleted = data(event);
            HumanEvent::MilestoneReached {
                rank: usize::try_from(completed.rank).unwrap(),
                note: reasons(&completed.note),
                by,
            }
        }
        "ReviewReopened" => {
            let reopened: pb::ReviewReopened = data(event);
            HumanEvent::Reopened {
                reasons: reasons(&reopened.reasons),
                by,
            }
        }
        other => panic!("{other} is not an event of a review"),
    })
}

fn delegation(mandate: &str) -> Option<contracts::domain::MandateId> {
    (!mandate.is_empty()).then(|| mandate.parse().unwrap())
}

/// What a recorded event of a procedure says; none for its proposal.
pub(super) fn procedure_event(event: &Event, proposed: &Procedure) -> Option<procedure::Event> {
    use procedure::Event as Fact;
    let name = event.r#type.strip_prefix("cpom.contracts.v1.").unwrap();
    let by: HumanActor = person(event.actor.as_ref());
    Some(match name {
        "ProcedureProposed" => return None,
        "ProcedureOpened" => {
            let opened: pb::ProcedureOpened = data(event);
            Fact::Opened {
                reasons: reasons(&opened.reasons),
                by,
                mandate: delegation(&opened.mandate),
            }
        }
        "FormalNoticeSent" => {
            let notice: pb::FormalNoticeSent = data(event);
            let (channel, consented) = sent(&notice.delivery.unwrap());
            Fact::NoticeSent {
                reasons: reasons(&notice.reasons),
                measures: reasons(&notice.measures),
                channel,
                consented,
                months: 1,
                by,
                mandate: delegation(&notice.mandate),
            }
        }
        "FormalNoticeReceived" => Fact::NoticeReceived(receipt(
            data::<pb::FormalNoticeReceived>(event).delivery.unwrap(),
        )),
        "FormalNoticeAnswered" => {
            let answered: pb::FormalNoticeAnswered = data(event);
            Fact::Answered {
                text: reasons(&answered.text),
                attachments: convert::attachments_from(answered.attachments).unwrap(),
                by,
            }
        }
        "ProcedureHearingRecorded" => Fact::HearingRecorded {
            minutes: minutes(data::<pb::ProcedureHearingRecorded>(event).hearing.unwrap()),
            by,
        },
        "FileAccessRequested" => Fact::FileRequested { by },
        "FileAccessGranted" => Fact::FileGranted {
            documents: reasons(&data::<pb::FileAccessGranted>(event).documents),
            by,
        },
        "FormalNoticeExtended" => {
            let extended: pb::FormalNoticeExtended = data(event);
            Fact::Extended {
                reasons: reasons(&extended.reasons),
                by,
                mandate: delegation(&extended.mandate),
            }
        }
        "ObservationsAcknowledged" => Fact::Acknowledged {
            answers_read: usize::try_from(
                data::<pb::ObservationsAcknowledged>(event).observations_read,
            )
            .unwrap(),
            by,
        },
        "ProcedureDecided" => {
            let decision = data::<pb::ProcedureDecided>(event).decision.unwrap();
            Fact::Decided {
                reasons: reasons(&decision.reasons),
                sanction: sanction(&decision, proposed),
                remedies: decision.remedies,
                algorithmic_notice: Some(decision.algorithmic_notice)
                    .filter(|text| !text.is_empty()),
                by,
                mandate: delegation(&decision.mandate),
            }
        }
        "DecisionNotified" => {
            let notified: pb::DecisionNotified = data(event);
            let (channel, consented) = sent(&notified.delivery.unwrap());
            Fact::DecisionNotified {
                channel,
                consented,
                months: 1,
                by,
            }
        }
        "DecisionReceived" => Fact::DecisionReceived(receipt(
            data::<pb::DecisionReceived>(event).delivery.unwrap(),
        )),
        "PenaltyPaid" => {
            let payment = data::<pb::PenaltyPaid>(event).payment.unwrap();
            Fact::Paid(procedure::Payment {
                amount: payment.amount_eur.parse().unwrap(),
                date: convert::date("date", &payment.date).unwrap(),
                reference: payment.reference,
                by: person(payment.recorder.as_ref()),
            })
        }
        "PenaltyReferred" => Fact::Referred {
            fund: data::<pb::PenaltyReferred>(event).fund,
            by,
        },
        "DefenceConsulted" => {
            let asked = data::<pb::DefenceConsulted>(event).consultation.unwrap();
            Fact::DefenceConsulted(procedure::defence::Consultation {
                asked_on: convert::date("request_date", &asked.request_date).unwrap(),
                answer_by: convert::date("answer_due_date", &asked.answer_due_date).unwrap(),
                letter: asked.letter,
                attachments: convert::attachments_from(asked.attachments).unwrap(),
                by: person(asked.recorder.as_ref()),
                answer: None,
            })
        }
        "DefenceAnswered" => {
            let asked = data::<pb::DefenceAnswered>(event).consultation.unwrap();
            let until = &asked.continuity_end_date;
            Fact::DefenceAnswered(procedure::defence::Answer {
                received_on: convert::date("answer_date", &asked.answer_date).unwrap(),
                text: reasons(&asked.answer),
                continuity_until: convert::date_filter("continuity_end_date", until).unwrap(),
                attachments: convert::attachments_from(asked.answer_attachments).unwrap(),
                by: person(asked.answer_recorder.as_ref()),
            })
        }
        "AppealFiled" => {
            let appeal = data::<pb::AppealFiled>(event).appeal.unwrap();
            Fact::AppealFiled {
                appeal: procedure::Appeal {
                    kind: convert::appeal_kind_from(appeal.kind()).unwrap(),
                    date: convert::date("date", &appeal.file_date).unwrap(),
                    grounds: reasons(&appeal.grounds),
                    ended: None,
                },
                by,
            }
        }
        "AppealDecided" => {
            let decided: pb::AppealDecided = data(event);
            let appeal = decided.appeal.unwrap();
            let reduced =
                convert::euros_from("reduced_amount_eur", &appeal.reduced_amount_eur).unwrap();
            Fact::AppealEnded {
                rank: usize::try_from(decided.rank).unwrap(),
                end: procedure::AppealEnd {
                    outcome: convert::appeal_outcome_from(appeal.outcome(), reduced).unwrap(),
                    date: convert::date("date", &appeal.outcome_date).unwrap(),
                    reasons: reasons(&appeal.outcome_reasons),
                },
                by,
            }
        }
        other => panic!("{other} is not an event of a procedure that a test replays"),
    })
}

fn sanction(decision: &pb::ProcedureDecision, proposed: &Procedure) -> procedure::Sanction {
    if proposed.kind == procedure::Kind::Termination {
        let on = convert::date("termination_date", &decision.termination_date).unwrap();
        return procedure::Sanction::Termination { on };
    }
    let cap = decision.cap.clone().unwrap();
    let finess = cap.legal_entity.strip_prefix("legalEntities/").unwrap();
    procedure::Sanction::Penalty {
        amount: decision.amount_eur.parse().unwrap(),
        cap: procedure::CapCheck {
            entity: finess.parse().unwrap(),
            year: cap.year,
            basis_points: u32::try_from(cap.cap_basis_points).unwrap(),
            source: cap.cap_source,
            base: cap.base_eur.parse().unwrap(),
            base_source: cap.base_source,
            earlier: cap.earlier_eur.parse().unwrap(),
        },
    }
}
