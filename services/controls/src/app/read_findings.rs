//! Reading findings, each with the calculation that led to it (CRPA L311-3-1, R311-3-1-2).

use ::store::Db;
use proto::controls::v1 as pb;
use rpc::{Call, Error, Page};

use super::{allowed_actions, visibility};
use crate::{
    domain::FindingId,
    grpc::convert,
    store::{finding, finding_correction},
};

pub async fn get(
    db: &Db,
    call: &Call,
    request: pb::GetFindingRequest,
) -> Result<pb::Finding, Error> {
    let id: FindingId = convert::name("name", &request.name)?;
    let finding = finding::find(db.pool(), &visibility(&call.caller), id)
        .await?
        .ok_or(Error::NotFound(request.name))?;
    let corrections = finding_correction::of(db.pool(), id).await?;
    Ok(pb::Finding {
        corrections: corrections
            .iter()
            .map(convert::outcome::correction)
            .collect(),
        allowed_actions: allowed_actions::told(call, "ControlService", finding.acts()),
        ..convert::finding(&finding)
    })
}

pub async fn list(
    db: &Db,
    call: &Call,
    request: pb::ListFindingsRequest,
) -> Result<pb::ListFindingsResponse, Error> {
    let arguments = [
        request.region.as_str(),
        &request.campaign,
        &request.contract,
    ];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let filter = convert::filter(&request.region, &request.campaign, &request.contract)?;
    let visibility = visibility(&call.caller);
    let mut rows =
        finding::list(db.pool(), &visibility, &filter, page.key(0)?, page.limit()).await?;
    let next_page_token = page.next(&mut rows, |row| vec![row.id.0.to_string()]);
    let findings = rows.iter().map(convert::finding).collect();
    Ok(pb::ListFindingsResponse {
        findings,
        next_page_token,
    })
}
