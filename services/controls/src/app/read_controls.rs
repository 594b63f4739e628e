//! Reading controls.

use ::store::Db;
use proto::controls::v1 as pb;
use rpc::{Call, Error, Page};

use super::visibility;
use crate::{
    domain::ControlId,
    grpc::convert,
    store::control::{self, Filter},
};

pub async fn get(
    db: &Db,
    call: &Call,
    request: pb::GetControlRequest,
) -> Result<pb::Control, Error> {
    let id: ControlId = convert::name("name", &request.name)?;
    control::find(db.pool(), &visibility(&call.caller), id)
        .await?
        .map(|control| convert::control(&control))
        .ok_or(Error::NotFound(request.name))
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
    let filter = Filter {
        region: convert::given(&request.region).map(str::to_owned),
        campaign: convert::optional_name("campaign", &request.campaign)?,
        contract: convert::optional_name("contract", &request.contract)?,
        result,
    };
    let visibility = visibility(&call.caller);
    let mut rows =
        control::list(db.pool(), &visibility, &filter, page.key(0)?, page.limit()).await?;
    let next_page_token = page.next(&mut rows, |row| vec![row.id.0.to_string()]);
    let controls = rows.iter().map(convert::listed_control).collect();
    Ok(pb::ListControlsResponse {
        controls,
        next_page_token,
    })
}
