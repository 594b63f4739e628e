//! Records a version of the axes, and lists them.

use std::collections::BTreeSet;

use proto::targets::v1 as pb;
use rpc::{Call, Error};
use store::Fact;

use super::{error::refused, region_of};
use crate::{
    app::App,
    domain::offer::{OfferRefusal, defect, sound},
    grpc::{offer::schemes::write_axes, planning::reading::day, scalars},
    store::offer::axis::{self, AxisVersion},
};

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::RecordAxesRequest,
) -> Result<pb::AxisVersion, Error> {
    let region = region_of(call, &request.region)?;
    let version = AxisVersion {
        id: request.version_id.clone(),
        valid_from: day("valid_from", &request.valid_from)?,
        source: request.source.clone(),
        axes: request
            .axes
            .iter()
            .map(|axis| (axis.code.clone(), axis.title.clone()))
            .collect(),
        created_at: call.at,
    };
    check(&version).map_err(refused)?;
    let mut unit = claim!(app, call, request);
    let reply = write_axes(&version);
    axis::insert(unit.connection(), &version)
        .await
        .map_err(|error| match store::constraint(&error) {
            Some("axis_version_pkey") => OfferRefusal::AxesExist(reply.name.clone()).into(),
            _ => Error::from(error),
        })?;
    let told = pb::AxesRecorded {
        axis_version: reply.name.clone(),
        valid_from: reply.valid_from.clone(),
        source: reply.source.clone(),
        axes: reply.axes.clone(),
    };
    unit.append(vec![Fact::new(
        "axis_version",
        &reply.name,
        1,
        &reply.name,
        region,
        &told,
    )?])
    .await?;
    unit.commit(&reply).await?;
    Ok(reply)
}

fn check(version: &AxisVersion) -> Result<(), OfferRefusal> {
    let mut codes = BTreeSet::new();
    let defects = version
        .axes
        .iter()
        .enumerate()
        .filter(|(_, (code, _))| !codes.insert(code))
        .map(|(place, (code, _))| {
            let field = format!("axes[{place}].code");
            defect(field, "AXIS_TWICE", format!("{code} stands twice"))
        })
        .collect();
    sound(defects)
}

/// The versions, the latest first.
pub(crate) async fn list(
    app: &App,
    request: &pb::ListAxisVersionsRequest,
) -> Result<pb::ListAxisVersionsResponse, Error> {
    let day = match request.as_of.as_str() {
        "" => None,
        text => Some(
            scalars::date(text)
                .ok_or_else(|| Error::invalid("as_of", format!("{text:?} is not a day")))?,
        ),
    };
    let found = axis::list(app.db.pool(), day).await?;
    Ok(pb::ListAxisVersionsResponse {
        axis_versions: found.iter().map(write_axes).collect(),
    })
}
