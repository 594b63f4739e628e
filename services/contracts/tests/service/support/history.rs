//! The recorded history, read back into the events of the domain: what is published must say everything.

use contracts::{
    domain::{
        Contract, ContractText, Procedure, Review, Side,
        contract::{self, Opinion, OpinionSense},
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

use super::{
    World, auditor,
    review_history::{procedure_event, review_event},
};

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

    /// The procedure that its recorded history tells, from its proposal on.
    pub(crate) async fn replayed_procedure(&self, name: &str, proposed: Procedure) -> Procedure {
        let events: Vec<_> = self
            .recorded(name)
            .await
            .iter()
            .filter_map(|e| Some((procedure_event(e, &proposed)?, at(e))))
            .collect();
        proposed.replay(events.iter().map(|(event, at)| (event, *at)))
    }
}

fn at(event: &Event) -> OffsetDateTime {
    kit::from_timestamp(event.record_time.as_ref().unwrap()).unwrap()
}

pub(super) fn data<M: prost::Message + prost::Name + Default>(event: &Event) -> M {
    let mut envelope: serde_json::Value = serde_json::from_slice(&event.canonical).unwrap();
    let persons = event.persons.iter();
    let named = persons.map(|person| (person.commitment.clone(), person.subject.clone()));
    json::replace_texts(&mut envelope, &named.collect());
    json::from_value(&envelope["data"]).unwrap()
}

pub(super) fn person(actor: Option<&types::Actor>) -> HumanActor {
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

pub(super) fn reasons(text: &str) -> Reasons {
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
                mandate: None,
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
