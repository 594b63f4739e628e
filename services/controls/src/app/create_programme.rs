//! A person records what a region intends to control in a year.

use ::store::{Begun, Db};
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
    let mut unit = match db
        .command(&call.command(&request.request_id, &request)?)
        .await?
    {
        Begun::Replayed(reply) => return Ok(reply),
        Begun::Fresh(unit) => unit,
    };
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
