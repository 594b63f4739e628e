//! Amendments as the public events of `events.proto`.

use prost::{Message, Name};
use proto::contracts::v1 as pb;
use store::{Error, Fact};
use time::Date;

use crate::{
    domain::{Amendment, ContractText, amendment::Event},
    grpc::convert,
};

/// One event of an amendment that it has just brought to its version. `consolidated` is the contract with it and its last
/// day, wherever that was moved to, for the event that says it took effect.
pub fn amendment(
    amendment: &Amendment,
    event: &Event,
    consolidated: Option<(&ContractText, Date)>,
) -> Result<Fact, Error> {
    let tell = Teller(amendment);
    match event {
        Event::Proposed(proposal) => tell.plain(&pb::AmendmentProposed {
            contract: proposal.contract.to_string(),
            reason: convert::amendment::reason(proposal.reason).into(),
            title: proposal.title.clone(),
            effect_date: proposal.effect_date.to_string(),
            changes: Some(convert::amendment::changes(&proposal.changes)),
            consultations: proposal.consultations.iter().cloned().collect(),
            side: convert::side(proposal.side).into(),
        }),
        Event::NegotiationOpened => tell.plain(&pb::AmendmentNegotiationOpened {}),
        Event::Revised {
            revision,
            effect_date,
            changes,
        } => tell.plain(&pb::AmendmentRevised {
            revision: *revision,
            effect_date: effect_date.to_string(),
            changes: Some(convert::amendment::changes(changes)),
        }),
        Event::Agreed { revision, side } => tell.plain(&pb::AmendmentAgreed {
            revision: *revision,
            side: convert::side(*side).into(),
        }),
        Event::ConsultationOpened => tell.plain(&pb::AmendmentConsultationOpened {}),
        Event::OpinionRecorded(opinion) => {
            let opinion = Some(convert::opinion(opinion));
            tell.plain(&pb::AmendmentOpinionRecorded { opinion })
        }
        Event::ImpactAcknowledged(read) => tell.plain(&pb::ImpactAcknowledged {
            impact_sha256: read.impact.to_string(),
        }),
        Event::Frozen { number, sha256 } => tell.plain(&pb::AmendmentFrozen {
            number: *number,
            document_sha256: sha256.to_string(),
        }),
        Event::SignedByParty(signature) => {
            let signature = Some(convert::signature(signature, &[]));
            tell.plain(&pb::AmendmentSignedByParty { signature })
        }
        Event::Signed { sha256 } => tell.plain(&pb::AmendmentSigned {
            contract: amendment.contract.to_string(),
            number: number(amendment),
            effect_date: amendment.effect_date.to_string(),
            document_sha256: sha256.to_string(),
        }),
        Event::SignatureWithdrawn { side, reasons } => {
            let withdrawn = pb::AmendmentSignatureWithdrawn {
                side: convert::side(*side).into(),
                reasons: reasons.as_str().to_owned(),
            };
            tell.because(&withdrawn, reasons.as_str())
        }
        Event::Rejected { reasons } => {
            let rejected = pb::AmendmentRejected {
                reasons: reasons.as_str().to_owned(),
            };
            tell.because(&rejected, reasons.as_str())
        }
        Event::Withdrawn { reasons } => {
            let withdrawn = pb::AmendmentWithdrawn {
                reasons: reasons.as_str().to_owned(),
            };
            tell.because(&withdrawn, reasons.as_str())
        }
        Event::TookEffect => tell.plain(&in_effect(amendment, consolidated)),
    }
}

/// What other services need to know of a contract that reads differently from a day on.
fn in_effect(
    amendment: &Amendment,
    consolidated: Option<(&ContractText, Date)>,
) -> pb::AmendmentInEffect {
    let text = consolidated
        .map(|(text, _)| convert::text(text))
        .unwrap_or_default();
    let last_day = consolidated.map(|(_, last_day)| last_day.to_string());
    let changes = &amendment.changes;
    let objectives = changes
        .objectives
        .put
        .iter()
        .map(|objective| objective.code.clone());
    let commitments = changes
        .commitments
        .put
        .iter()
        .map(|commitment| commitment.code.clone());
    let removed = changes
        .objectives
        .remove
        .iter()
        .chain(&changes.commitments.remove)
        .cloned();
    pb::AmendmentInEffect {
        contract: amendment.contract.to_string(),
        number: number(amendment),
        effect_date: amendment.effect_date.to_string(),
        establishments: text.establishments,
        end_date: last_day.unwrap_or_default(),
        changed: objectives.chain(commitments).chain(removed).collect(),
        legal_entities: text.legal_entities,
        departmental_councils: text
            .content
            .map(|content| content.departmental_councils)
            .unwrap_or_default(),
    }
}

fn number(amendment: &Amendment) -> i32 {
    amendment
        .state
        .frozen()
        .map(|frozen| frozen.number)
        .unwrap_or_default()
}

struct Teller<'a>(&'a Amendment);

impl Teller<'_> {
    fn plain<M: Message + Name>(&self, message: &M) -> Result<Fact, Error> {
        let Amendment {
            id,
            version,
            contract,
            region,
            ..
        } = self.0;
        Fact::new("amendment", *id, *version, *contract, *region, message)
    }

    fn because<M: Message + Name>(&self, message: &M, reasons: &str) -> Result<Fact, Error> {
        Ok(self.plain(message)?.because(reasons))
    }
}
