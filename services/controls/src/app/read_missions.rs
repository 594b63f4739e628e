//! Reading programmes and missions.

use ::store::Db;
use kernel::legal_time::legal_day;
use proto::controls::v1 as pb;
use rpc::{Call, Error, Page};

use super::{allowed_actions, visibility};
use crate::{
    domain::{MissionId, ProgrammeId, mission::Situation},
    grpc::convert,
    store::{mission, mission_record, programme},
};

pub async fn get_programme(
    db: &Db,
    call: &Call,
    request: pb::GetProgrammeRequest,
) -> Result<pb::Programme, Error> {
    let id: ProgrammeId = convert::name("name", &request.name)?;
    programme::find(db.pool(), &visibility(&call.caller), id)
        .await?
        .map(|programme| convert::mission::programme(&programme))
        .ok_or(Error::NotFound(request.name))
}

pub async fn list_programmes(
    db: &Db,
    call: &Call,
    request: pb::ListProgrammesRequest,
) -> Result<pb::ListProgrammesResponse, Error> {
    let page = Page::read(request.page_size, &request.page_token, &[&request.region])?;
    let region = convert::given(&request.region);
    let visibility = visibility(&call.caller);
    let mut rows =
        programme::list(db.pool(), &visibility, region, page.key(0)?, page.limit()).await?;
    let next_page_token = page.next(&mut rows, |row| vec![row.id.0.to_string()]);
    Ok(pb::ListProgrammesResponse {
        programmes: rows.iter().map(convert::mission::programme).collect(),
        next_page_token,
    })
}

pub async fn get(
    db: &Db,
    call: &Call,
    request: pb::GetMissionRequest,
) -> Result<pb::Mission, Error> {
    let id: MissionId = convert::name("name", &request.name)?;
    let found = mission::find(db.pool(), &visibility(&call.caller), id)
        .await?
        .ok_or(Error::NotFound(request.name))?;
    let files = mission_record::evidence_of(db.pool(), id).await?;
    let remarks = mission_record::remarks_of(db.pool(), id).await?;
    let acts = found.acts(&Situation {
        subject: &call.caller.actor.subject,
        today: legal_day(call.at, found.region),
        files: files.len(),
        remarks: remarks.len(),
    });
    Ok(pb::Mission {
        allowed_actions: allowed_actions::told(call, "MissionService", acts),
        ..convert::mission::message(&found, &files, &remarks)
    })
}

pub async fn list(
    db: &Db,
    call: &Call,
    request: pb::ListMissionsRequest,
) -> Result<pb::ListMissionsResponse, Error> {
    let arguments = [
        request.region.as_str(),
        &request.campaign,
        &request.contract,
    ];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let filter = convert::filter(&request.region, &request.campaign, &request.contract)?;
    let visibility = visibility(&call.caller);
    let mut rows =
        mission::list(db.pool(), &visibility, &filter, page.key(0)?, page.limit()).await?;
    let next_page_token = page.next(&mut rows, |row| vec![row.id.0.to_string()]);
    Ok(pb::ListMissionsResponse {
        missions: rows.iter().map(convert::mission::listed).collect(),
        next_page_token,
    })
}
