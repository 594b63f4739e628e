//! From the framework of a region down to its contracts, on one day.

use kernel::{Region, legal_time::legal_day};
use proto::targets::v1 as pb;
use rpc::{Call, Error};
use time::Duration;

use crate::{
    app::App,
    domain::planning::{InflectionState, PlanningRefusal, cascade},
    grpc::{
        planning::{cascade::write, reading::day},
        scalars::parse,
    },
    store::planning::{cascade::sets_in_effect, framework, inflection},
};

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::GetCascadeRequest,
) -> Result<pb::Cascade, Error> {
    let region: Region = parse("region", &request.region)?;
    call.caller.require_region(region, &call.permission)?;
    let as_of = match request.as_of.as_str() {
        "" => legal_day(call.at, region),
        text => day("as_of", text)?,
    };
    let pool = app.db.pool();
    let framework = framework::in_effect(pool, region, as_of)
        .await?
        .ok_or(PlanningRefusal::NoFramework { region, day: as_of })?;
    // A day of the region ends at most a day after that day in UTC; the legal day decides.
    let latest = as_of.midnight().assume_utc() + Duration::days(2);
    let mut inflections = inflection::agreed_before(pool, region, latest).await?;
    inflections.retain(|inflection| match &inflection.state {
        InflectionState::Agreed { at, .. } => legal_day(*at, region) <= as_of,
        InflectionState::Proposed | InflectionState::Dropped { .. } => false,
    });
    let sets = sets_in_effect(pool, region, as_of).await?;
    let lines = cascade::cascade(&framework, &inflections, &sets);
    Ok(pb::Cascade {
        region: region.to_string(),
        as_of: as_of.to_string(),
        framework: framework.id.to_string(),
        revision: framework.revision,
        lines: lines.iter().map(write).collect(),
    })
}
