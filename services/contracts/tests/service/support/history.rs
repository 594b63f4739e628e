//! The recorded history, read back into the events of the domain: what is published must say everything.

use contracts::{
    domain::{
        Contract, ContractText, Review, Side,
        contract::{self, Opinion, OpinionSense},
        review::{
            self, Outcome, Severity,
            human::HumanEvent,
            machine::{MachineEvent, Opening, RaisedFinding},
        },
        signature::Signature,
    },
    grpc::convert,
};
use kernel::{Actor, ActorKind, HumanActor, Reasons};
use proto::{
    contracts::v1 as pb,
    history::v1::{Event, ListEventsRequest, history_service_client::HistoryServiceClient},
    json,
    types::v1 as types,
};
use time::OffsetDateTime;

use super::{World, auditor};

impl World {
    async fn recorded(&self, aggregate: &str) -> Vec<Event> {
        let request = ListEventsRequest {
            aggregate: aggregate.into(),
            page_size: 200,
            ..Default::default()
        };
        let mut client = HistoryServiceClient::new(self.service.peer(&auditor()));
        client
            .list_events(request)
            .await
            .unwrap()
            .into_inner()
            .events
    }

    /// The contract that its recorded history tells.
    pub(crate) async fn replayed_contract(&self, name: &str) -> Contract {
        let events: Vec<_> = self
            .recorded(name)
            .await
            .iter()
            .map(|e| (contract_event(e), at(e)))
            .collect();
        let history = events.iter().map(|(event, at)| (event, *at));
        Contract::replay(name.parse().unwrap(), history).unwrap()
    }

    /// The review that its recorded history tells.
    pub(crate) async fn replayed_review(&self, name: &str) -> Review {
        let events: Vec<_> = self
            .recorded(name)
            .await
            .iter()
            .map(|e| (review_event(e), at(e)))
            .collect();
        let history = events.iter().map(|(event, at)| (event, *at));
        Review::replay(name.parse().unwrap(), history).unwrap()
    }
}

fn at(event: &Event) -> OffsetDateTime {
    kit::from_timestamp(event.record_time.as_ref().unwrap()).unwrap()
}

fn data<M: prost::Message + prost::Name + Default>(event: &Event) -> M {
    let envelope: serde_json::Value = serde_json::from_slice(&event.canonical).unwrap();
    json::from_value(&envelope["data"]).unwrap()
}

fn person(actor: Option<&types::Actor>) -> HumanActor {
    let actor = actor.unwrap();
    assert_eq!(actor.kind(), types::ActorKind::Human);
    let (subject, role) = (actor.subject.clone(), actor.role.clone());
    Actor {
        subject,
        kind: ActorKind::Human,
        role,
    }
    .as_human()
    .unwrap()
}

fn reasons(text: &str) -> Reasons {
    text.to_owned().try_into().unwrap()
}

fn text(text: Option<pb::ContractText>) -> ContractText {
    ContractText::new(convert::text_parts(&text.unwrap()).unwrap()).unwrap()
}

fn side(side: pb::Side) -> Side {
    if side == pb::Side::Ars {
        Side::Ars
    } else {
        Side::Establishment
    }
}

fn contract_event(event: &Event) -> contract::Event {
    match event.r#type.strip_prefix("cpom.contracts.v1.").unwrap() {
        "ContractDrafted" => {
            let drafted: pb::ContractDrafted = data(event);
            contract::Event::Drafted {
                region: drafted.region.parse().unwrap(),
                number: drafted.number,
                legal_regime: drafted.legal_regime,
                text: text(drafted.text),
            }
        }
        "NegotiationOpened" => contract::Event::NegotiationOpened,
        "VersionProposed" => {
            let proposed: pb::VersionProposed = data(event);
            let (number, comment) = (proposed.number, proposed.comment);
            contract::Event::VersionProposed {
                number,
                text: text(proposed.text),
                comment,
            }
        }
        "VersionAgreed" => {
            let agreed: pb::VersionAgreed = data(event);
            contract::Event::VersionAgreed {
                number: agreed.number,
                side: side(agreed.side()),
            }
        }
        "ConsultationOpened" => contract::Event::ConsultationOpened,
        "OpinionRecorded" => {
            let opinion = data::<pb::OpinionRecorded>(event).opinion.unwrap();
            contract::Event::OpinionRecorded(Opinion {
                sense: match opinion.sense() {
                    pb::OpinionSense::Reserved => OpinionSense::Reserved,
                    other => panic!("no test records {other:?}"),
                },
                date: convert::date("date", &opinion.date).unwrap(),
                body: opinion.body,
                comment: opinion.comment,
            })
        }
        "ContractFrozen" => {
            let frozen: pb::ContractFrozen = data(event);
            contract::Event::Frozen {
                target_set: frozen.target_set.parse().unwrap(),
                sha256: frozen.document_sha256.parse().unwrap(),
            }
        }
        "ContractSignedByParty" => {
            let signature = data::<pb::ContractSignedByParty>(event).signature.unwrap();
            contract::Event::SignedByParty(Signature {
                party: signature.party.parse().unwrap(),
                signatory: person(signature.signatory.as_ref()),
                title: signature.signatory_title,
                sha256: signature.document_sha256.parse().unwrap(),
                at: kit::from_timestamp(&signature.sign_time.unwrap()).unwrap(),
            })
        }
        "ContractSigned" => {
            let signed: pb::ContractSigned = data(event);
            contract::Event::Signed {
                sha256: signed.document_sha256.parse().unwrap(),
            }
        }
        "SignatureWithdrawn" => {
            let withdrawn: pb::SignatureWithdrawn = data(event);
            let side = side(withdrawn.side());
            contract::Event::SignatureWithdrawn {
                side,
                reasons: reasons(&withdrawn.reasons),
            }
        }
        "ContractInForce" => contract::Event::TookEffect,
        "ContractExpired" => contract::Event::Expired,
        "ContractAbandoned" => {
            let abandoned: pb::ContractAbandoned = data(event);
            contract::Event::Abandoned {
                reasons: reasons(&abandoned.reasons),
            }
        }
        other => panic!("{other} is not an event of a contract"),
    }
}

fn outcome(outcome: pb::Outcome) -> Outcome {
    convert::outcome_from("outcome", outcome).unwrap()
}

fn review_event(event: &Event) -> review::Event {
    let human = |make: HumanEvent| review::Event::Human(make);
    let by = || person(event.actor.as_ref());
    match event.r#type.strip_prefix("cpom.contracts.v1.").unwrap() {
        "ReviewOpened" => {
            let opened: pb::ReviewOpened = data(event);
            review::Event::Machine(MachineEvent::Opened(Opening {
                region: event.region.parse().unwrap(),
                contract: opened.contract.parse().unwrap(),
                campaign: opened.campaign.parse().unwrap(),
                year: opened.year,
            }))
        }
        "FindingAttached" => {
            let attached = data::<pb::FindingAttached>(event).finding.unwrap();
            let severity = match attached.severity() {
                types::Severity::Major => Severity::Major,
                other => panic!("no test raises {other:?}"),
            };
            review::Event::Machine(MachineEvent::FindingAttached(RaisedFinding {
                finding: attached.finding.parse().unwrap(),
                objective: attached.objective,
                summary: attached.summary,
                severity,
                opposable: attached.opposable,
                penalty_eligible: attached.penalty_eligible,
            }))
        }
        "FindingDetached" => {
            let detached: pb::FindingDetached = data(event);
            let (finding, reason) = (detached.finding.parse().unwrap(), detached.reason);
            review::Event::Machine(MachineEvent::FindingDetached { finding, reason })
        }
        "ReviewNotified" => {
            let notified: pb::ReviewNotified = data(event);
            let due_date = convert::date("due", &notified.observations_due_date).unwrap();
            human(HumanEvent::Notified {
                message: reasons(&notified.message),
                due_date,
                by: by(),
            })
        }
        "ObservationsSubmitted" => {
            let submitted: pb::ObservationsSubmitted = data(event);
            human(HumanEvent::ObservationsSubmitted {
                text: reasons(&submitted.text),
                by: by(),
            })
        }
        "ReviewExamined" => {
            let examined: pb::ReviewExamined = data(event);
            let recommended = outcome(examined.recommended_outcome());
            human(HumanEvent::Examined {
                analysis: reasons(&examined.analysis),
                recommended,
                by: by(),
            })
        }
        "ReviewConcluded" => {
            let concluded: pb::ReviewConcluded = data(event);
            human(HumanEvent::Concluded {
                outcome: outcome(concluded.outcome()),
                reasons: reasons(&concluded.reasons),
                by: person(concluded.author.as_ref()),
                procedure: concluded.procedure.parse().ok(),
            })
        }
        other => panic!("{other} is not an event of a review"),
    }
}
