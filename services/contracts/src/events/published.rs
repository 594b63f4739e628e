//! Facts of the domain as the public events of `events.proto`.

use prost::{Message, Name};
use proto::contracts::v1 as pb;
use store::{Error, Fact};
use time::OffsetDateTime;

use crate::{
    domain::{Contract, contract::Event as ContractEvent},
    grpc::convert,
};

pub use super::{
    amendments::amendment,
    follow_up::{
        decision_completed, evaluation, mandate_ended, mandate_registered, meeting_planned,
        minutes_recorded, renewal, step_completed, task_completed, task_raised,
    },
    withdrawals::withdrawal,
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
            let associated = &contract.text.content.associated_parties;
            let signature = Some(convert::signature(signature, associated));
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
        ContractEvent::PositionRecorded(position) => {
            let recorded = pb::PositionRecorded {
                text_version: position.text_version,
                objective: position.objective.clone(),
                side: convert::side(position.side).into(),
                stance: convert::stance(position.stance).into(),
                comment: position.comment.clone(),
                department: position
                    .council
                    .map(convert::content::council)
                    .unwrap_or_default(),
            };
            of_contract(contract, &recorded)
        }
        ContractEvent::TermExtended {
            last_day,
            basis,
            reasons,
        } => {
            let why = reasons.as_str();
            let extended = pb::TermExtended {
                last_day: last_day.to_string(),
                basis: basis.as_str().to_owned(),
                reasons: why.to_owned(),
            };
            Ok(of_contract(contract, &extended)?.because(why))
        }
        ContractEvent::NoticeGiven { procedure } => {
            let procedure = procedure.to_string();
            of_contract(contract, &pb::NoticeOfTerminationGiven { procedure })
        }
        ContractEvent::NoticeLifted { procedure } => {
            let procedure = procedure.to_string();
            of_contract(contract, &pb::NoticeOfTerminationLifted { procedure })
        }
        ContractEvent::Terminated {
            procedure,
            last_day,
        } => {
            let terminated = pb::ContractTerminated {
                procedure: procedure.to_string(),
                last_day: last_day.to_string(),
            };
            of_contract(contract, &terminated)
        }
        ContractEvent::Renewed { successor } => {
            let successor = successor.to_string();
            of_contract(contract, &pb::ContractRenewed { successor })
        }
        ContractEvent::Closed { reasons } => {
            let why = reasons.as_str();
            let closed = pb::ContractClosed {
                reasons: why.to_owned(),
            };
            Ok(of_contract(contract, &closed)?.because(why))
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
        end_date: contract.last_day().to_string(),
        target_set: target_set.unwrap_or_default(),
        departmental_councils: convert::content::councils(
            &contract.text.content.departmental_councils,
        ),
    }
}

fn of_contract<M: Message + Name>(contract: &Contract, message: &M) -> Result<Fact, Error> {
    let (name, region) = (contract.id, contract.region);
    Fact::new("contract", name, contract.version, name, region, message)
}
