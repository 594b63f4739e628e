//! Replaces the objectives of a set; agreements lapse.

use proto::targets::v1 as pb;
use rpc::{Call, Error, etag};

use super::{App, error::refused, offer, planning, target_sets};
use crate::{
    domain::Command,
    grpc::{objectives, scalars::parse},
};

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::ReplaceObjectivesRequest,
) -> Result<pb::TargetSet, Error> {
    let id = parse("name", &request.name)?;
    let objectives = objectives::read(&request.objectives)?;
    let mut unit = claim!(app, call, request);
    let (set, contract) = target_sets::lock(&mut unit, call, id).await?;
    etag::check_telling(&mut unit, &set.set.id, &request.etag, set.set.version).await?;
    planning::check_origins(unit.connection(), contract.region, &objectives).await?;
    offer::check_scheme_objectives(unit.connection(), contract.region, &objectives).await?;
    let events = set
        .set
        .decide(Command::Replace {
            objectives,
            note: request.note.clone(),
            contract: &contract,
            catalogue: &app.catalogue,
        })
        .map_err(refused)?;
    let reply = target_sets::reply(&target_sets::apply(&mut unit, set, &events).await?);
    unit.commit(&reply).await?;
    Ok(reply)
}
