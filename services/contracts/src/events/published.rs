//! Facts of the domain as the public events of `events.proto`.

use prost::{Message, Name};
use proto::contracts::v1 as pb;
use store::{Error, Fact};
use time::OffsetDateTime;

use crate::{
    domain::{
        Contract, Procedure, Review,
        contract::Event as ContractEvent,
        review::{Event as ReviewEvent, human::HumanEvent, machine::MachineEvent},
    },
    grpc::convert,
};

/// Applies events to a contract and tells each of them.
pub fn contract(
    before: Contract,
    events: &[ContractEvent],
    at: OffsetDateTime,
) -> Result<(Contract, Vec<Fact>), Error> {
    let mut current = before;
    let mut facts = Vec::with_capacity(events.len());
    for event in events {
        current = current.evolve(event, at);
        facts.push(contract_fact(&current, event)?);
    }
    Ok((current, facts))
}

/// One event of a contract that it has just brought to its version.
pub fn contract_fact(contract: &Contract, event: &ContractEvent) -> Result<Fact, Error> {
    match event {
        ContractEvent::Drafted {
            region,
            number,
            legal_regime,
            text,
        } => {
            let drafted = pb::ContractDrafted {
                region: region.to_string(),
                number: number.clone(),
                legal_regime: legal_regime.clone(),
                text: Some(convert::text(text)),
            };
            of_contract(contract, &drafted)
        }
        ContractEvent::NegotiationOpened => of_contract(contract, &pb::NegotiationOpened {}),
        ContractEvent::VersionProposed {
            number,
            text,
            comment,
        } => {
            let text = Some(convert::text(text));
            let comment = comment.clone();
            of_contract(
                contract,
                &pb::VersionProposed {
                    number: *number,
                    text,
                    comment,
                },
            )
        }
        ContractEvent::VersionAgreed { number, side } => {
            let side = convert::side(*side).into();
            of_contract(
                contract,
                &pb::VersionAgreed {
                    number: *number,
                    side,
                },
            )
        }
        ContractEvent::ConsultationOpened => of_contract(contract, &pb::ConsultationOpened {}),
        ContractEvent::OpinionRecorded(opinion) => {
            let opinion = Some(convert::opinion(opinion));
            of_contract(contract, &pb::OpinionRecorded { opinion })
        }
        ContractEvent::Frozen { target_set, sha256 } => {
            let (target_set, document_sha256) = (target_set.to_string(), sha256.to_string());
            of_contract(
                contract,
                &pb::ContractFrozen {
                    target_set,
                    document_sha256,
                },
            )
        }
        ContractEvent::SignedByParty(signature) => {
            let signature = Some(convert::signature(signature));
            of_contract(contract, &pb::ContractSignedByParty { signature })
        }
        ContractEvent::Signed { sha256 } => of_contract(
            contract,
            &pb::ContractSigned {
                document_sha256: sha256.to_string(),
            },
        ),
        ContractEvent::SignatureWithdrawn { side, reasons } => {
            let (side, why) = (convert::side(*side).into(), reasons.as_str());
            let withdrawn = pb::SignatureWithdrawn {
                side,
                reasons: why.to_owned(),
            };
            Ok(of_contract(contract, &withdrawn)?.because(why))
        }
        ContractEvent::TookEffect => of_contract(contract, &in_force(contract)),
        ContractEvent::Expired => of_contract(contract, &pb::ContractExpired {}),
        ContractEvent::Abandoned { reasons } => {
            let why = reasons.as_str();
            let abandoned = pb::ContractAbandoned {
                reasons: why.to_owned(),
            };
            Ok(of_contract(contract, &abandoned)?.because(why))
        }
    }
}

/// What other services need to know of a contract that takes effect.
fn in_force(contract: &Contract) -> pb::ContractInForce {
    let text = convert::text(&contract.text);
    let target_set = contract
        .state
        .frozen()
        .map(|frozen| frozen.target_set.to_string());
    pb::ContractInForce {
        region: contract.region.to_string(),
        number: contract.number.clone(),
        legal_entities: text.legal_entities,
        establishments: text.establishments,
        effect_date: text.effect_date,
        end_date: text.end_date,
        target_set: target_set.unwrap_or_default(),
    }
}

fn of_contract<M: Message + Name>(contract: &Contract, message: &M) -> Result<Fact, Error> {
    let (name, region) = (contract.id, contract.region);
    Fact::new("contract", name, contract.version, name, region, message)
}

/// Applies what a machine did to a review and tells each event.
pub fn machine(
    before: Review,
    events: &[MachineEvent],
    at: OffsetDateTime,
) -> Result<(Review, Vec<Fact>), Error> {
    let mut current = before;
    let mut facts = Vec::with_capacity(events.len());
    for event in events {
        current = current.evolve(&ReviewEvent::Machine(event.clone()), at);
        facts.push(machine_fact(&current, event)?);
    }
    Ok((current, facts))
}

/// One event of a review that a machine has just brought to its version.
pub fn machine_fact(review: &Review, event: &MachineEvent) -> Result<Fact, Error> {
    match event {
        MachineEvent::Opened(opening) => {
            let opened = pb::ReviewOpened {
                contract: opening.contract.to_string(),
                campaign: opening.campaign.to_string(),
                year: opening.year,
            };
            of_review(review, &opened)
        }
        MachineEvent::FindingAttached(raised) => {
            let attached = review.findings.iter().find(|f| f.finding == raised.finding);
            let finding = attached.map(convert::finding);
            of_review(review, &pb::FindingAttached { finding })
        }
        MachineEvent::FindingDetached { finding, reason } => {
            let (finding, reason) = (finding.to_string(), reason.clone());
            of_review(review, &pb::FindingDetached { finding, reason })
        }
    }
}

/// What a person did to a review that it has just brought to its version.
pub fn human(review: &Review, event: &HumanEvent) -> Result<Fact, Error> {
    match event {
        HumanEvent::Notified {
            message, due_date, ..
        } => {
            let notified = pb::ReviewNotified {
                message: message.as_str().to_owned(),
                observations_due_date: due_date.to_string(),
            };
            of_review(review, &notified)
        }
        HumanEvent::ObservationsSubmitted { text, .. } => of_review(
            review,
            &pb::ObservationsSubmitted {
                text: text.as_str().to_owned(),
            },
        ),
        HumanEvent::Examined {
            analysis,
            recommended,
            ..
        } => {
            let examined = pb::ReviewExamined {
                analysis: analysis.as_str().to_owned(),
                recommended_outcome: convert::outcome(*recommended).into(),
            };
            of_review(review, &examined)
        }
        HumanEvent::Concluded {
            outcome,
            reasons,
            by,
            procedure,
        } => {
            let concluded = pb::ReviewConcluded {
                contract: review.contract.to_string(),
                campaign: review.campaign.to_string(),
                outcome: convert::outcome(*outcome).into(),
                reasons: reasons.as_str().to_owned(),
                author: Some(convert::actor(by)),
                procedure: procedure.map(|id| id.to_string()).unwrap_or_default(),
            };
            Ok(of_review(review, &concluded)?.because(reasons.as_str()))
        }
    }
}

fn of_review<M: Message + Name>(review: &Review, message: &M) -> Result<Fact, Error> {
    let (version, region) = (review.version, review.region);
    Fact::new(
        "review",
        review.id,
        version,
        review.contract,
        region,
        message,
    )
}

/// A procedure that a person proposed.
pub fn procedure(procedure: &Procedure) -> Result<Fact, Error> {
    let proposal = procedure.proposal();
    let reasons = proposal.reasons().as_str();
    let proposed = pb::ProcedureProposed {
        contract: proposal.contract().to_string(),
        review: proposal.review().to_string(),
        reasons: reasons.to_owned(),
    };
    let (name, root) = (proposal.procedure(), proposal.contract());
    let fact = Fact::new("procedure", name, 1, root, proposal.region(), &proposed)?;
    Ok(fact.because(reasons))
}
