//! One side agrees to a framework: the national council, or the director general for the agency.

use proto::targets::v1 as pb;
use rpc::{Call, Error, etag};

use super::error::refused;
use crate::{
    app::App,
    domain::planning::{FrameworkSide, framework::FrameworkCommand},
    grpc::{planning::frameworks, scalars::parse},
};

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::AgreeToFrameworkRequest,
) -> Result<pb::RegionalFramework, Error> {
    let id = parse("name", &request.name)?;
    let by = call.human()?;
    let side = FrameworkSide::of_role(&call.caller.actor.role).ok_or_else(|| Error::Denied {
        permission: call.permission.clone(),
        explanation: "this role speaks for no side of a framework".to_owned(),
    })?;
    let mut unit = claim!(app, call, request);
    let found = super::lock_framework(&mut unit, call, id).await?;
    etag::check_telling(
        &mut unit,
        &found.value.id,
        &request.etag,
        found.value.version,
    )
    .await?;
    let events = found
        .value
        .decide(FrameworkCommand::Agree { side, by })
        .map_err(refused)?;
    let reply = frameworks::write(&super::apply(&mut unit, found, &events).await?);
    unit.commit(&reply).await?;
    Ok(reply)
}
