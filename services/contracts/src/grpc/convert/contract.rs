//! Contracts.

use std::collections::BTreeSet;

use kernel::Finess;
use kit::timestamp;
use proto::contracts::v1 as pb;
use rpc::{Error, Violation, etag};

use super::{
    actor, allowed_actions,
    content::{Reader, annex_files, content, objective},
    date,
};
use crate::{
    domain::{
        AllowedAction, Contract, ContractText, Side,
        content::AssociatedParty,
        contract::{Opinion, OpinionSense, State},
        signature::{Party, Signature},
        statement::Attachment,
        text::TextParts,
    },
    store::contract::Version,
};

/// A contract, with what its reader may do.
pub fn contract(contract: &Contract, actions: &[AllowedAction]) -> pb::Contract {
    let frozen = contract.state.frozen();
    pb::Contract {
        name: contract.id.to_string(),
        etag: etag::of(contract.version),
        region: contract.region.to_string(),
        number: contract.number.clone(),
        state: state(&contract.state).into(),
        legal_regime: contract.legal_regime.clone(),
        text: Some(text(&contract.text)),
        text_version: contract.text_version,
        agreed_by: contract
            .agreed_by()
            .into_iter()
            .map(|s| side(s).into())
            .collect(),
        opinions: contract.opinions.iter().map(opinion).collect(),
        target_set: frozen.map(|f| f.target_set.to_string()).unwrap_or_default(),
        document_sha256: frozen.map(|f| f.sha256.to_string()).unwrap_or_default(),
        required_signatories: contract
            .required_signatories()
            .iter()
            .map(ToString::to_string)
            .collect(),
        signatures: contract
            .state
            .signatures()
            .iter()
            .map(|given| signature(given, &contract.text.content.associated_parties))
            .collect(),
        create_time: Some(timestamp(contract.created_at)),
        update_time: Some(timestamp(contract.updated_at)),
        allowed_actions: allowed_actions(actions),
        last_day: contract.last_day().to_string(),
        completed_steps: Vec::new(),
        annex_files: Vec::new(),
    }
}

fn state(state: &State) -> pb::ContractState {
    match state {
        State::Draft => pb::ContractState::Draft,
        State::Negotiation { .. } => pb::ContractState::Negotiation,
        State::Consultation => pb::ContractState::Consultation,
        State::ReadyToSign { .. } => pb::ContractState::ReadyToSign,
        State::PartiallySigned { .. } => pb::ContractState::PartiallySigned,
        State::Signed { .. } => pb::ContractState::Signed,
        State::InForce(_) => pb::ContractState::InForce,
        State::UnderNotice { .. } => pb::ContractState::NoticeOfTermination,
        State::Terminated { .. } => pb::ContractState::Terminated,
        State::Renewed { .. } => pb::ContractState::Renewed,
        State::Closed { .. } => pb::ContractState::Closed,
        State::Expired { .. } => pb::ContractState::Expired,
        State::Abandoned { .. } => pb::ContractState::Abandoned,
    }
}

/// The state that restricts a list, as it is stored; none for all of them.
pub fn contract_state_filter(state: pb::ContractState) -> Option<&'static str> {
    state
        .as_str_name()
        .strip_prefix("CONTRACT_STATE_")
        .filter(|name| *name != "UNSPECIFIED")
}

/// The FINESS number of a legal entity that restricts a list, or none.
pub fn legal_entity_filter(name: &str) -> Result<Option<String>, Error> {
    if name.is_empty() {
        return Ok(None);
    }
    let number = name
        .strip_prefix("legalEntities/")
        .and_then(|n| n.parse::<Finess>().ok());
    number
        .map(|finess| Some(finess.to_string()))
        .ok_or_else(|| Error::invalid("legal_entity", "must be legalEntities/{finess}"))
}

pub fn side(side: Side) -> pb::Side {
    match side {
        Side::Ars => pb::Side::Ars,
        Side::Establishment => pb::Side::Establishment,
        Side::Department => pb::Side::Department,
    }
}

pub fn text(text: &ContractText) -> pb::ContractText {
    let names = |collection: &str, numbers: &BTreeSet<Finess>| {
        numbers
            .iter()
            .map(|finess| format!("{collection}/{finess}"))
            .collect()
    };
    pb::ContractText {
        title: text.title.clone(),
        legal_entities: names("legalEntities", &text.legal_entities),
        establishments: names("establishments", &text.establishments),
        effect_date: text.effect_date.to_string(),
        end_date: text.end_date.to_string(),
        objectives: text.objectives.iter().map(objective).collect(),
        consultations: text.consultations.iter().cloned().collect(),
        content: content(&text.content),
    }
}

/// The parts of a text; all fields that cannot be read are told.
pub fn text_parts(text: &pb::ContractText) -> Result<TextParts, Error> {
    let mut violations = Vec::new();
    let mut numbers = |field: &str, names: &[String]| {
        let mut numbers = BTreeSet::new();
        for (i, name) in names.iter().enumerate() {
            match name
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .parse::<Finess>()
            {
                Ok(finess) => drop(numbers.insert(finess)),
                Err(error) => violations.push(Violation::new(format!("{field}[{i}]"), error)),
            }
        }
        numbers
    };
    let legal_entities = numbers("text.legal_entities", &text.legal_entities);
    let establishments = numbers("text.establishments", &text.establishments);
    let mut day = |field: &str, text: &str| match date(field, text) {
        Ok(date) => Some(date),
        Err(Error::Invalid(wrong)) => {
            violations.extend(wrong);
            None
        }
        Err(_) => None,
    };
    let effect_date = day("text.effect_date", &text.effect_date);
    let end_date = day("text.end_date", &text.end_date);
    let mut reader = Reader::default();
    let said = text.content.clone().unwrap_or_default();
    let content = reader.content("text.content", &said);
    let objectives = reader.each("text.objectives", &text.objectives, Reader::objective);
    violations.extend(reader.violations);
    let (Some(effect_date), Some(end_date), true) = (effect_date, end_date, violations.is_empty())
    else {
        return Err(Error::Invalid(violations));
    };
    Ok(TextParts {
        title: text.title.trim().to_owned(),
        legal_entities,
        establishments,
        effect_date,
        end_date,
        objectives,
        consultations: text.consultations.iter().cloned().collect(),
        content,
    })
}

pub fn opinion(opinion: &Opinion) -> pb::Opinion {
    let sense = match opinion.sense {
        OpinionSense::Favourable => pb::OpinionSense::Favourable,
        OpinionSense::Reserved => pb::OpinionSense::Reserved,
        OpinionSense::Unfavourable => pb::OpinionSense::Unfavourable,
        OpinionSense::Noted => pb::OpinionSense::Noted,
    };
    pb::Opinion {
        body: opinion.body.clone(),
        sense: sense.into(),
        date: opinion.date.to_string(),
        comment: opinion.comment.clone(),
    }
}

pub fn opinion_from(request: &pb::RecordOpinionRequest) -> Result<Opinion, Error> {
    Ok(Opinion {
        body: request.body.clone(),
        sense: sense_from(request.sense())?,
        date: date("date", &request.date)?,
        comment: request.comment.clone(),
    })
}

/// The sense of an opinion.
pub fn sense_from(sense: pb::OpinionSense) -> Result<OpinionSense, Error> {
    Ok(match sense {
        pb::OpinionSense::Favourable => OpinionSense::Favourable,
        pb::OpinionSense::Reserved => OpinionSense::Reserved,
        pb::OpinionSense::Unfavourable => OpinionSense::Unfavourable,
        pb::OpinionSense::Noted => OpinionSense::Noted,
        pb::OpinionSense::Unspecified => return Err(Error::invalid("sense", "is required")),
    })
}

/// A signature: that of a third party associated to a text is under the clauses that concern it.
pub fn signature(signature: &Signature, associated: &[AssociatedParty]) -> pb::Signature {
    let associated = associated
        .iter()
        .find(|party| party.code.parse().map(Party::Associated) == Ok(signature.party));
    pb::Signature {
        party: signature.party.to_string(),
        signatory: Some(actor(&signature.signatory)),
        signatory_title: signature.title.clone(),
        document_sha256: signature.sha256.to_string(),
        sign_time: Some(timestamp(signature.at)),
        mandate: signature
            .mandate
            .map(|id| id.to_string())
            .unwrap_or_default(),
        clauses: associated
            .map(|party| party.clauses.clone())
            .unwrap_or_default(),
    }
}

/// A version of the text, as it was proposed, with those of the files kept for its contract that it names.
pub fn version(version: &Version, kept: &[Attachment]) -> pb::ContractVersion {
    pb::ContractVersion {
        number: version.number,
        text: Some(text(&version.text)),
        comment: version.comment.clone(),
        author: Some(actor(&version.author)),
        create_time: Some(timestamp(version.created_at)),
        annex_files: annex_files(&version.text.content.annexes, kept),
    }
}
