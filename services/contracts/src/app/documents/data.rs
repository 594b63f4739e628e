//! What templates read, from the aggregates themselves. Facts of a later day never enter the document of an earlier
//! one: a notice is what was sent, a decision what was taken. The names of entities and sites come beside it, as they were
//! recorded when the document was made; a draft alone, which binds nobody, shows those that the registry gives now, and says
//! so.

use std::collections::BTreeSet;

use kernel::legal_time::legal_day;
use proto::{contracts::v1 as pb, json};
use rpc::Error;
use serde_json::{Value, json};
use time::{Date, OffsetDateTime};

use crate::{
    domain::{
        Amendment, Contract, ContractText, Procedure,
        communication::communicated,
        content::{AssociatedParty, Content},
        document::Rendition,
        procedure::{Decision, Notice, Sanction},
        signature::{Party, Signature},
    },
    grpc::convert,
    store::{amendment::Signed, contract::Version, procedure::Parameters},
};

/// In what quality somebody acts under a delegation, and by which act.
type Quality = Option<(String, String)>;

/// The contract with everything it says; `frozen` is the canonical text that is signed.
pub(super) fn contract(contract: &Contract, frozen: Value) -> Value {
    let associated = &contract.text.content.associated_parties;
    let mut data = of_contract(contract);
    data["document"] = frozen;
    data["signatories"] = signatories(
        &contract.required_signatories(),
        contract.state.signatures(),
        (contract, associated),
    );
    data
}

/// The contract as the public reads it.
pub(super) fn public_contract(contract: &Contract) -> Result<Value, Error> {
    let (text, withheld) = public_text(&contract.text)?;
    let mut data = of_contract(contract);
    data["public"] = true.into();
    data["withheld"] = withheld;
    data["document"] = json!({
        "number": contract.number,
        "legalRegime": contract.legal_regime,
        "textVersion": contract.text_version,
        "text": text,
    });
    data["signatories"] = signatories(
        &contract.required_signatories(),
        contract.state.signatures(),
        (contract, &[]),
    );
    Ok(data)
}

/// A version of the text as it was proposed.
pub(super) fn draft(contract: &Contract, version: &Version, day: Date) -> Result<Value, Error> {
    let mut data = of_contract(contract);
    data["versionDate"] = day.to_string().into();
    data["document"] = json!({
        "number": contract.number,
        "legalRegime": contract.legal_regime,
        "textVersion": version.number,
        "text": json_of(&convert::text(&version.text))?,
    });
    Ok(data)
}

/// The contract on a day, with the amendments that were in effect.
pub(super) fn consolidated(
    contract: &Contract,
    text: &ContractText,
    (as_of, amendments): (Date, &[Signed]),
    rendition: Rendition,
) -> Result<Value, Error> {
    let (text, withheld) = match rendition {
        Rendition::Full => (json_of(&convert::text(text))?, json!([])),
        Rendition::Public => public_text(text)?,
    };
    let mut applied = Vec::with_capacity(amendments.len());
    for amendment in amendments {
        applied.push(json_of(&convert::amendment::applied(amendment))?);
    }
    let mut data = of_contract(contract);
    data["public"] = (rendition == Rendition::Public).into();
    data["withheld"] = withheld;
    data["document"] = json!({
        "asOf": as_of.to_string(),
        "text": text,
        "amendments": applied,
    });
    Ok(data)
}

/// The amendment with everything it changes; `frozen` is the canonical text that is signed.
pub(super) fn amendment(amendment: &Amendment, contract: &Contract, frozen: Value) -> Value {
    let associated = &contract.text.content.associated_parties;
    let mut data = of_contract(contract);
    data["document"] = frozen;
    data["signatories"] = signatories(
        &amendment.required_signatories(contract),
        amendment.state.signatures(),
        (contract, associated),
    );
    data
}

/// The amendment as the public reads it.
pub(super) fn public_amendment(amendment: &Amendment, contract: &Contract) -> Result<Value, Error> {
    let changes = &amendment.changes;
    let told = communicated(Content {
        clauses: changes.clauses.put.clone(),
        annexes: changes.annexes.put.clone(),
        ..Content::default()
    });
    let whole = convert::amendment::changes(changes);
    let public = pb::AmendmentChanges {
        put_clauses: told.clauses.iter().map(convert::content::clause).collect(),
        put_annexes: told.annexes.iter().map(convert::content::annex).collect(),
        add_establishments: whole.add_establishments,
        remove_establishments: whole.remove_establishments,
        end_date: whole.end_date,
        add_legal_entities: whole.add_legal_entities,
        remove_legal_entities: whole.remove_legal_entities,
        add_departmental_councils: whole.add_departmental_councils,
        remove_departmental_councils: whole.remove_departmental_councils,
        support_entity: whole.support_entity,
        ..Default::default()
    };
    let withheld: Vec<_> = told.withheld.iter().map(convert::withheld).collect();
    let mut data = of_contract(contract);
    data["public"] = true.into();
    data["withheld"] = all_json(&withheld)?;
    data["document"] = json!({
        "number": amendment.state.frozen().map_or(0, |frozen| frozen.number),
        "reason": amendment.reason.as_str(),
        "title": amendment.title,
        "effectDate": amendment.effect_date.to_string(),
        "changes": json_of(&public)?,
    });
    data["signatories"] = signatories(
        &amendment.required_signatories(contract),
        amendment.state.signatures(),
        (contract, &[]),
    );
    Ok(data)
}

/// The formal notice as it was sent.
pub(super) fn formal_notice(
    procedure: &Procedure,
    contract: &Contract,
    notice: &Notice,
    (day, by): (Date, Quality),
) -> Value {
    let mut data = of_procedure(procedure, contract, (day, by));
    data["reasons"] = notice.reasons.as_str().into();
    data["measures"] = notice.measures.as_str().into();
    data["months"] = notice.delay.months.into();
    data
}

/// The decision as it was taken.
pub(super) fn decision(
    procedure: &Procedure,
    contract: &Contract,
    decision: &Decision,
    (day, by, figures): (Date, Quality, &Parameters),
) -> Value {
    let region = procedure.region;
    let day_of = |at: OffsetDateTime| legal_day(at, region).to_string();
    let notice = procedure.state.notice();
    let sent = notice.map(|notice| day_of(notice.delay.delivery.sent_at));
    let observations: Vec<String> = procedure
        .observations
        .iter()
        .filter(|said| said.at <= decision.at)
        .map(|said| day_of(said.at))
        .collect();
    let hearings: Vec<String> = procedure
        .hearings
        .iter()
        .filter(|hearing| hearing.at <= decision.at)
        .map(|hearing| hearing.minutes.date.to_string())
        .collect();
    let mut data = of_procedure(procedure, contract, (day, by));
    data["noticeDate"] = sent.unwrap_or_default().into();
    data["observations"] = observations.into();
    data["hearings"] = hearings.into();
    data["reasons"] = decision.reasons.as_str().into();
    data["remedies"] = decision.remedies.as_str().into();
    data["algorithmicNotice"] = decision.algorithmic_notice.as_deref().unwrap_or("").into();
    match &decision.sanction {
        Sanction::Termination { on } => data["terminationDate"] = on.to_string().into(),
        Sanction::Penalty { amount, cap } => {
            data["amountEur"] = format!("{amount:.2}").into();
            data["paymentMonths"] = figures.payment_months.into();
            data["cap"] = json!({
                "legalEntity": format!("legalEntities/{}", cap.entity),
                "year": cap.year,
                "source": cap.source,
                "baseEur": format!("{:.2}", cap.base),
                "baseSource": cap.base_source,
                "earlierEur": format!("{:.2}", cap.earlier),
                "capEur": format!("{:.2}", cap.cap()),
            });
        }
    }
    data
}

/// What every document of a contract says of it.
fn of_contract(contract: &Contract) -> Value {
    json!({ "public": false, "withheld": [], "contractNumber": contract.number })
}

fn of_procedure(procedure: &Procedure, contract: &Contract, (day, by): (Date, Quality)) -> Value {
    let entities: Vec<String> = contract
        .text
        .legal_entities
        .iter()
        .map(|entity| format!("legalEntities/{entity}"))
        .collect();
    let by = by.map(|(title, act)| json!({ "title": title, "act": act }));
    json!({
        "public": false,
        "contractNumber": contract.number,
        "contractTitle": contract.text.title,
        "legalEntities": entities,
        "kind": procedure.kind.as_str(),
        "date": day.to_string(),
        "delegation": by,
    })
}

/// Who must sign, and who has. Names of associated third parties come from the text, where it is shown whole.
fn signatories(
    required: &BTreeSet<Party>,
    given: &[Signature],
    (contract, associated): (&Contract, &[AssociatedParty]),
) -> Value {
    let signatory = |party: &Party| {
        let signature = given.iter().find(|signature| signature.party == *party);
        let name = associated
            .iter()
            .find(|third| third.code.parse().map(Party::Associated) == Ok(*party))
            .map(|third| third.name.as_str());
        json!({
            "party": party.to_string(),
            "name": name.unwrap_or_default(),
            "title": signature.map(|signature| signature.title.as_str()).unwrap_or_default(),
            "date": signature
                .map(|signature| legal_day(signature.at, contract.region).to_string())
                .unwrap_or_default(),
        })
    };
    required.iter().map(signatory).collect()
}

/// The passages of a text that its parties classed public, with its parties, its perimeter and its days, which are
/// public with any contract in force; and the grounds on which the others are withheld.
fn public_text(text: &ContractText) -> Result<(Value, Value), Error> {
    let told = communicated(text.content.clone());
    let whole = convert::text(text);
    let public = pb::ContractText {
        objectives: Vec::new(),
        consultations: Vec::new(),
        content: Some(pb::ContractContent {
            clauses: told.clauses.iter().map(convert::content::clause).collect(),
            annexes: told.annexes.iter().map(convert::content::annex).collect(),
            departmental_councils: convert::content::councils(&text.content.departmental_councils),
            ..Default::default()
        }),
        ..whole
    };
    let withheld: Vec<_> = told.withheld.iter().map(convert::withheld).collect();
    Ok((json_of(&public)?, all_json(&withheld)?))
}

fn json_of<M: prost::Message + prost::Name>(message: &M) -> Result<Value, Error> {
    json::to_value(message, false).map_err(Error::internal)
}

fn all_json<M: prost::Message + prost::Name>(messages: &[M]) -> Result<Value, Error> {
    messages.iter().map(json_of).collect()
}
