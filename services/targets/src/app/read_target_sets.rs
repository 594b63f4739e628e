//! Reads target sets within the caller's scope.

use proto::targets::v1 as pb;
use rpc::{Call, Error, Page};
use uuid::Uuid;

use super::{App, target_sets};
use crate::{
    domain::{ContractId, TargetSetId},
    grpc::{
        objectives,
        scalars::{parse, parse_optional},
    },
    store::{
        contract_copy,
        target_set::{self, Dated, Filter},
    },
};

/// One set by its name.
pub(crate) async fn get(
    app: &App,
    call: &Call,
    request: &pb::GetTargetSetRequest,
) -> Result<pb::TargetSet, Error> {
    let id: TargetSetId = parse("name", &request.name)?;
    visible(
        app,
        call,
        target_set::find(app.db.pool(), id).await?,
        &request.name,
    )
    .await
}

/// The set of a contract that both sides have agreed to.
pub(crate) async fn get_agreed(
    app: &App,
    call: &Call,
    request: &pb::GetAgreedTargetSetRequest,
) -> Result<pb::TargetSet, Error> {
    let contract: ContractId = parse("contract", &request.contract)?;
    let amendment = parse_optional("amendment", &request.amendment)?;
    let found = target_set::find_agreed(app.db.pool(), contract, amendment).await?;
    visible(
        app,
        call,
        found,
        &format!("an agreed target set of {contract}"),
    )
    .await
}

async fn visible(
    app: &App,
    call: &Call,
    found: Option<Dated>,
    name: &str,
) -> Result<pb::TargetSet, Error> {
    let not_found = || Error::NotFound(name.to_owned());
    let dated = found.ok_or_else(not_found)?;
    let mut connection = app.db.pool().acquire().await?;
    let contract = contract_copy::find(&mut connection, dated.set.contract).await?;
    if !contract.is_some_and(|contract| target_sets::sees(call, &contract)) {
        return Err(not_found());
    }
    Ok(target_sets::reply(&dated))
}

/// A page of sets, the oldest first.
pub(crate) async fn list(
    app: &App,
    call: &Call,
    request: &pb::ListTargetSetsRequest,
) -> Result<pb::ListTargetSetsResponse, Error> {
    let state = request.state();
    let page = Page::read(
        request.page_size,
        &request.page_token,
        &[&request.region, &request.contract, state.as_str_name()],
    )?;
    let mut regions = call.caller.regions();
    if let Some(region) = parse_optional::<kernel::Region>("region", &request.region)? {
        call.caller.require_region(region, &call.permission)?;
        regions = Some(vec![region.to_string()]);
    }
    let caller = &call.caller;
    let subjects = caller
        .is_establishment()
        .then(|| caller.finess().iter().map(ToString::to_string).collect());
    let councils = target_sets::councils(caller);
    let filter = Filter {
        regions,
        contract: parse_optional("contract", &request.contract)?,
        state: objectives::read_state(state),
        subjects,
        councils,
        after: page.key::<Uuid>(0)?,
    };
    let mut sets = target_set::list(app.db.pool(), &filter, page.limit()).await?;
    let next_page_token = page.next(&mut sets, |dated| vec![dated.set.id.0.to_string()]);
    let target_sets = sets.iter().map(target_sets::reply).collect();
    Ok(pb::ListTargetSetsResponse {
        target_sets,
        next_page_token,
    })
}
