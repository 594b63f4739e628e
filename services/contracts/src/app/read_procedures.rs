//! Reading procedures.

use std::collections::BTreeSet;

use kernel::{Finess, legal_time::legal_day};
use proto::contracts::v1 as pb;
use rpc::{Call, Error, Page};

use super::{App, procedure_act, scope};
use crate::{
    domain::{
        Procedure, ProcedureId,
        procedure::{Kind, human::Circumstances},
    },
    grpc::convert,
    store as rows,
};

/// A procedure and the legal entities it is about, if the caller may see it.
pub(super) async fn find(
    app: &App,
    call: &Call,
    name: &str,
) -> Result<(Procedure, BTreeSet<Finess>), Error> {
    let id: ProcedureId = convert::name("name", name)?;
    let not_found = || Error::NotFound(name.to_owned());
    let mut connection = app.db.pool().acquire().await?;
    let procedure = rows::procedure::find(&mut connection, id)
        .await?
        .ok_or_else(not_found)?;
    let legal_entities = rows::review::parties(&mut connection, procedure.contract).await?;
    if !procedure_act::sees(call, &procedure, &legal_entities) {
        return Err(not_found());
    }
    Ok((procedure, legal_entities))
}

pub async fn get(
    app: &App,
    call: &Call,
    request: pb::GetProcedureRequest,
) -> Result<pb::Procedure, Error> {
    let (procedure, legal_entities) = find(app, call, &request.name).await?;
    let mut connection = app.db.pool().acquire().await?;
    let ground = rows::procedure::ground(&mut connection, &procedure.ground).await?;
    let today = legal_day(call.at, procedure.region);
    let defence = procedure.kind == Kind::Termination
        && rows::procedure_defence::concerned(&mut connection, procedure.contract, today).await?;
    let viewer = scope::viewer(call);
    let mandates = match &viewer {
        Some(person) => scope::mandates(&mut connection, person, procedure.region).await?,
        None => Vec::new(),
    };
    let circumstances = Circumstances {
        legal_entities: &legal_entities,
        ground,
        defence,
        mandates: &mandates,
        now: call.at,
    };
    let actions = procedure.allowed_actions(viewer.as_ref(), &circumstances);
    Ok(convert::procedure(
        &procedure,
        scope::side(call),
        &actions,
        call.at,
    ))
}

pub async fn list(
    app: &App,
    call: &Call,
    request: pb::ListProceduresRequest,
) -> Result<pb::ListProceduresResponse, Error> {
    let state = convert::procedure_state_filter(request.state());
    let arguments = [
        request.region.as_str(),
        request.contract.as_str(),
        state.unwrap_or_default(),
    ];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let filter = rows::procedure::Filter {
        scope: scope::of_list(call),
        region: convert::filter(&request.region),
        contract: convert::name_filter("contract", &request.contract)?,
        state,
    };
    let after = page.dated()?;
    let mut connection = app.db.pool().acquire().await?;
    let mut procedures =
        rows::procedure::list(&mut connection, &filter, after, page.limit()).await?;
    let next_page_token = page.next(&mut procedures, |p| rpc::dated_key(p.proposal.at, p.id.0));
    let side = scope::side(call);
    let procedures = procedures
        .iter()
        .map(|procedure| convert::procedure(procedure, side, &[], call.at))
        .collect();
    Ok(pb::ListProceduresResponse {
        procedures,
        next_page_token,
    })
}
