//! A person withdraws a finding because the data were wrong. The review follows by itself.

use ::store::Db;
use proto::controls::v1 as pb;
use rpc::{Call, Error, etag};

use super::append_one;
use crate::{
    domain::{FindingId, finding::Withdraw},
    events::published,
    grpc::convert,
    store::finding,
};

pub async fn run(
    db: &Db,
    call: &Call,
    request: pb::WithdrawFindingRequest,
) -> Result<pb::Finding, Error> {
    let by = call.human()?;
    let id: FindingId = convert::name("name", &request.name)?;
    let reasons = convert::reasons(&request.reasons)?;
    let mut unit = claim!(db, call, request);
    let mut finding = finding::lock(unit.connection(), id)
        .await?
        .ok_or_else(|| Error::NotFound(id.to_string()))?;
    call.caller
        .require_region(finding.facts.region, &call.permission)?;
    etag::check_telling(&mut unit, &finding.id, &request.etag, finding.version).await?;
    for event in finding.withdraw(&Withdraw {
        by,
        reasons,
        at: call.at,
    })? {
        finding = finding.evolve(&event);
        let withdrawn_by =
            append_one(&mut unit, published::finding(&finding, &event, &[])?).await?;
        finding::withdraw(unit.connection(), &finding, withdrawn_by).await?;
    }
    let reply = convert::finding(&finding);
    unit.commit(&reply).await?;
    Ok(reply)
}
