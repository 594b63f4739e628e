//! What an amendment would change, hashed so that a person acknowledges exactly that; and the document that is signed.

use prost::Message as _;
use proto::{contracts::v1 as pb, json};
use rpc::{Call, Error};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{App, amendment_act::AmendmentAct, document::sorted, read_amendments};
use crate::{
    domain::{
        Amendment, Contract, ContractText, amendment::impact::Impact, signature::DocumentHash,
    },
    grpc::convert,
    store::{self as rows, amendment::OpenFinding},
};

/// The impact as it stands now.
pub async fn run(
    app: &App,
    call: &Call,
    request: pb::GetImpactReviewRequest,
) -> Result<pb::ImpactReview, Error> {
    let (amendment, contract) = read_amendments::find(app, call, &request.name).await?;
    let mut connection = app.db.pool().acquire().await?;
    let day = amendment.effect_date;
    let (text, _) = read_amendments::on(&mut connection, contract.id, &contract.text, day).await?;
    let findings = rows::amendment::open_findings(&mut connection, contract.id).await?;
    let (mut review, hash) = weigh(&amendment, &contract, &text, &findings);
    review.sha256 = hash.to_string();
    Ok(review)
}

/// The hash of the impact within an act.
pub(super) async fn of_act(
    act: &mut AmendmentAct,
    text: &ContractText,
) -> Result<DocumentHash, Error> {
    let contract = act.contract.id;
    let findings = rows::amendment::open_findings(act.unit.connection(), contract).await?;
    Ok(weigh(&act.amendment, &act.contract, text, &findings).1)
}

/// The impact and the hash of it. Both depend on the texts and the findings alone.
fn weigh(
    amendment: &Amendment,
    contract: &Contract,
    text: &ContractText,
    findings: &[OpenFinding],
) -> (pb::ImpactReview, DocumentHash) {
    let after = amendment.changes.apply(text);
    let impact = Impact::between(text, &after);
    let review = convert::amendment::impact(amendment, contract, &impact, findings);
    let hash = DocumentHash(Sha256::digest(review.encode_to_vec()).into());
    (review, hash)
}

/// The bytes of the document, canonical JSON, and their hash.
pub(super) fn freeze(
    act: &AmendmentAct,
    number: i32,
    impact: DocumentHash,
) -> Result<(Vec<u8>, DocumentHash), Error> {
    let (amendment, contract) = (&act.amendment, &act.contract);
    let changes = convert::amendment::changes(&amendment.changes);
    let document = json!({
        "amendment": amendment.id.to_string(),
        "number": number,
        "contract": contract.id.to_string(),
        "contractNumber": contract.number,
        "reason": amendment.reason.as_str(),
        "title": amendment.title,
        "effectDate": amendment.effect_date.to_string(),
        "revision": amendment.revision,
        "changes": json::to_value(&changes, false).map_err(Error::internal)?,
        "impactSha256": impact.to_string(),
    });
    let content = serde_json::to_vec(&sorted(document)).map_err(Error::internal)?;
    let hash = DocumentHash(Sha256::digest(&content).into());
    Ok((content, hash))
}
