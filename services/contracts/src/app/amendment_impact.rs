//! What an amendment would change, hashed so that a person acknowledges exactly that; and the document that is signed.

use prost::Message as _;
use proto::{contracts::v1 as pb, json};
use rpc::{Call, Error};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;

use super::{App, amendment_act::AmendmentAct, document::sorted, read_amendments};
use crate::{
    domain::{
        Amendment, Contract, ContractText, LegalRegime, amendment::impact::Impact,
        deadline::Standing, signature::DocumentHash,
    },
    grpc::convert,
    store::{
        self as rows,
        amendment::{OpenFinding, Signed},
    },
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
    let besides = Besides::read(&mut connection, &amendment, &contract).await?;
    let (mut review, hash) = weigh(&amendment, &contract, &text, &besides);
    review.sha256 = hash.to_string();
    Ok(review)
}

/// The hash of the impact within an act.
pub(super) async fn of_act(
    act: &mut AmendmentAct,
    text: &ContractText,
) -> Result<DocumentHash, Error> {
    let (amendment, contract) = (&act.amendment, &act.contract);
    let besides = Besides::read(act.unit.connection(), amendment, contract).await?;
    Ok(weigh(amendment, contract, text, &besides).1)
}

/// What an impact hangs on beside the texts.
struct Besides {
    findings: Vec<OpenFinding>,
    /// Signed amendments with effect after it.
    later: Vec<Signed>,
    regime: LegalRegime,
    standing: Standing,
}

impl Besides {
    async fn read(
        connection: &mut PgConnection,
        amendment: &Amendment,
        contract: &Contract,
    ) -> Result<Self, store::Error> {
        let (id, day) = (contract.id, amendment.effect_date);
        Ok(Self {
            findings: rows::amendment::open_findings(connection, id).await?,
            later: rows::amendment::signed_after(connection, id, day).await?,
            regime: rows::regime::of_code(connection, &contract.legal_regime).await?,
            standing: rows::deadline::standing(connection, id).await?,
        })
    }
}

/// The impact and the hash of it. Both depend on the texts and on what stands beside them alone.
fn weigh(
    amendment: &Amendment,
    contract: &Contract,
    text: &ContractText,
    besides: &Besides,
) -> (pb::ImpactReview, DocumentHash) {
    let after = amendment.changes.apply(text);
    let course = (&besides.regime, &besides.standing);
    let impact =
        Impact::between(text, &after).with_course(contract, amendment.changes.end_date, course);
    let told = (&*besides.findings, &*besides.later);
    let review = convert::amendment::impact(amendment, contract, &impact, told);
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
