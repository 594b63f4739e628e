//! Records places from a day on, all lines or none.

use std::collections::BTreeSet;

use kernel::Region;
use proto::targets::v1 as pb;
use rpc::{Call, Error};
use sqlx::PgConnection;
use store::Fact;

use super::error::refused;
use crate::{
    app::App,
    domain::{
        Defect,
        medicosocial::{Capacity, CapacityRecordingId, MedicosocialRefusal, capacity as rules},
    },
    grpc::{medicosocial::capacities, scalars::parse},
    store::{medicosocial::capacity, offer::category, registry_copy},
};

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::RecordCapacitiesRequest,
) -> Result<pb::CapacityRecording, Error> {
    let region: Region = parse("region", &request.region)?;
    call.caller.require_region(region, &call.permission)?;
    let publics = category::publics(app.db.pool()).await?;
    let places = capacities::read(&request.capacities, &publics)?;
    rules::check(&places).map_err(refused)?;
    let mut unit = claim!(app, call, request);
    refuse_unknown(unit.connection(), region, &places).await?;
    let recording = CapacityRecordingId::generate();
    capacity::insert(unit.connection(), recording, region, &places, call.at).await?;
    let told = pb::CapacitiesRecorded {
        region: region.to_string(),
        capacities: places.iter().map(capacities::write).collect(),
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
    let decisions: BTreeSet<&String> = places.iter().map(|place| &place.decision).collect();
    let sites: BTreeSet<String> = places
        .iter()
        .map(|place| place.establishment.to_string())
        .collect();
    let reply = pb::CapacityRecording {
        name: recording.to_string(),
        region: region.to_string(),
        lines: i32::try_from(places.len()).unwrap_or(i32::MAX),
        create_time: Some(kit::timestamp(call.at)),
        decisions: decisions.into_iter().cloned().collect(),
        establishments: sites.into_iter().collect(),
    };
    unit.commit(&reply).await?;
    Ok(reply)
}

/// Places are those of establishments that the registry knows in the region, open or closed.
async fn refuse_unknown(
    connection: &mut PgConnection,
    region: Region,
    capacities: &[Capacity],
) -> Result<(), Error> {
    let known = registry_copy::of_region(connection, region).await?;
    let defects: Vec<Defect> = capacities
        .iter()
        .enumerate()
        .filter(|(_, capacity)| !known.contains(&capacity.establishment))
        .map(|(place, capacity)| Defect {
            field: format!("capacities[{place}].establishment"),
            reason: "ESTABLISHMENT_UNKNOWN",
            explanation: format!(
                "the registry does not know {} in the region {region}; import it there first",
                capacity.establishment
            ),
        })
        .collect();
    if defects.is_empty() {
        return Ok(());
    }
    Err(refused(MedicosocialRefusal::Capacities(defects)))
}
