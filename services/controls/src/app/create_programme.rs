//! A person records what a region intends to control in a year.

use ::store::Db;
use proto::controls::v1 as pb;
use rpc::{Call, Error};

use crate::{
    domain::ProgrammeId,
    events::published,
    grpc::convert,
    store::programme::{self, Programme},
};

pub async fn run(
    db: &Db,
    call: &Call,
    request: pb::CreateProgrammeRequest,
) -> Result<pb::Programme, Error> {
    let by = call.human()?;
    let region = convert::region(&request.region)?;
    call.caller.require_region(region, &call.permission)?;
    let mut unit = claim!(db, call, request);
    let programme = Programme {
        id: ProgrammeId::generate(),
        region: region.to_string(),
        year: request.year,
        title: request.title,
        priorities: request.priorities,
        author: by.actor().clone(),
        created_at: call.at,
    };
    programme::insert(unit.connection(), &programme).await?;
    let reply = convert::mission::programme(&programme);
    unit.append(vec![published::programme(programme.id, region, &reply)?])
        .await?;
    unit.commit(&reply).await?;
    Ok(reply)
}
