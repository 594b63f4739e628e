//! Reading controls.

use std::collections::{BTreeMap, BTreeSet};

use ::store::Db;
use kernel::Department;
use proto::controls::v1 as pb;
use rpc::{Call, Error, Page};

use super::{allowed_actions, visibility};
use crate::{
    domain::{ContractId, ControlId, mission},
    grpc::convert,
    store::{
        campaign,
        control::{self, Control},
        inconsistent, site_copy,
    },
};

pub async fn get(
    db: &Db,
    call: &Call,
    request: pb::GetControlRequest,
) -> Result<pb::Control, Error> {
    let id: ControlId = convert::name("name", &request.name)?;
    let control = control::find(db.pool(), &visibility(&call.caller), id)
        .await?
        .ok_or(Error::NotFound(request.name))?;
    let places = site_copy::departments_of(db.pool(), &[control.contract]).await?;
    let campaign = campaign::find(db.pool(), control.campaign)
        .await?
        .ok_or_else(|| inconsistent(format!("the campaign of {id} is gone")))?
        .campaign;
    let acts = [("CreateMission", mission::may_open(&campaign.state))];
    Ok(pb::Control {
        departments: departments(&control, &places),
        allowed_actions: allowed_actions::told(call, "MissionService", acts),
        ..convert::control(&control)
    })
}

/// Codes of the départements of a control, in their order.
fn departments(
    control: &Control,
    places: &BTreeMap<ContractId, BTreeSet<Department>>,
) -> Vec<String> {
    let found = places.get(&control.contract).into_iter().flatten();
    found
        .map(|department| department.code().to_owned())
        .collect()
}

pub async fn list(
    db: &Db,
    call: &Call,
    request: pb::ListControlsRequest,
) -> Result<pb::ListControlsResponse, Error> {
    let result = convert::result_filter(request.result());
    let arguments = [
        request.region.as_str(),
        &request.campaign,
        &request.contract,
        result.unwrap_or_default(),
    ];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let filter = convert::filter(&request.region, &request.campaign, &request.contract)?;
    let visibility = visibility(&call.caller);
    let mut rows = control::list(
        db.pool(),
        &visibility,
        &filter,
        result,
        page.key(0)?,
        page.limit(),
    )
    .await?;
    let next_page_token = page.next(&mut rows, |row| vec![row.id.0.to_string()]);
    let contracts: Vec<ContractId> = rows.iter().map(|row| row.contract).collect();
    let places = site_copy::departments_of(db.pool(), &contracts).await?;
    let controls = rows
        .iter()
        .map(|control| pb::Control {
            departments: departments(control, &places),
            ..convert::listed_control(control)
        })
        .collect();
    Ok(pb::ListControlsResponse {
        controls,
        next_page_token,
    })
}
