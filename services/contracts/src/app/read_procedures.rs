//! Reading proposed procedures.

use proto::contracts::v1 as pb;
use rpc::{Call, Error, Page};

use super::{App, scope};
use crate::{domain::ProcedureId, grpc::convert, store as rows};

pub async fn get(
    app: &App,
    call: &Call,
    request: pb::GetProcedureRequest,
) -> Result<pb::Procedure, Error> {
    let id: ProcedureId = convert::name("name", &request.name)?;
    let mut connection = app.db.pool().acquire().await?;
    let procedure = rows::procedure::find(&mut connection, id)
        .await?
        .filter(|procedure| scope::sees(call, procedure.region, []))
        .ok_or_else(|| Error::NotFound(request.name.clone()))?;
    Ok(convert::procedure(&procedure))
}

pub async fn list(
    app: &App,
    call: &Call,
    request: pb::ListProceduresRequest,
) -> Result<pb::ListProceduresResponse, Error> {
    let arguments = [request.region.as_str(), request.contract.as_str()];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let filter = rows::procedure::Filter {
        scope: scope::of_list(call),
        region: convert::filter(&request.region),
        contract: convert::name_filter("contract", &request.contract)?,
    };
    let after = convert::after(&page)?;
    let mut connection = app.db.pool().acquire().await?;
    let mut procedures =
        rows::procedure::list(&mut connection, &filter, after, page.limit()).await?;
    let next_page_token = page.next(&mut procedures, |p| {
        convert::page_key(p.proposed_at, p.id.0)
    });
    let procedures = procedures.iter().map(convert::procedure).collect();
    Ok(pb::ListProceduresResponse {
        procedures,
        next_page_token,
    })
}
