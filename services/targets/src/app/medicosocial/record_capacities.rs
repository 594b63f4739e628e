//! Records places from a day on, all lines or none.

use kernel::Region;
use proto::targets::v1 as pb;
use rpc::{Call, Error};
use store::{Begun, Fact};

use super::error::refused;
use crate::{
    app::App,
    domain::medicosocial::{CapacityRecordingId, capacity as rules},
    grpc::{medicosocial::capacities, scalars::parse},
    store::medicosocial::capacity,
};

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::RecordCapacitiesRequest,
) -> Result<pb::CapacityRecording, Error> {
    let region: Region = parse("region", &request.region)?;
    call.caller.require_region(region, &call.permission)?;
    let capacities = capacities::read(&request.capacities)?;
    rules::check(&capacities).map_err(refused)?;
    let command = call.command(&request.request_id, request)?;
    let mut unit = match app.db.command(&command).await? {
        Begun::Replayed(reply) => return Ok(reply),
        Begun::Fresh(unit) => unit,
    };
    let recording = CapacityRecordingId::generate();
    capacity::insert(unit.connection(), recording, region, &capacities, call.at).await?;
    let told = pb::CapacitiesRecorded {
        region: region.to_string(),
        capacities: request.capacities.clone(),
    };
    unit.append(vec![Fact::new(
        "capacity_recording",
        recording,
        1,
        recording,
        region,
        &told,
    )?])
    .await?;
    let reply = pb::CapacityRecording {
        name: recording.to_string(),
        region: region.to_string(),
        lines: i32::try_from(capacities.len()).unwrap_or(i32::MAX),
        create_time: Some(kit::timestamp(call.at)),
    };
    unit.commit(&reply).await?;
    Ok(reply)
}
