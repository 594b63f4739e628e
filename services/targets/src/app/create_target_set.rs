//! Starts the target set of a contract.

use proto::targets::v1 as pb;
use rpc::{Call, Error};

use super::{App, error::refused, offer, planning, target_sets};
use crate::{
    domain::{AmendmentId, Carrier, Refusal, TargetSet, TargetSetId},
    events::published,
    grpc::{
        objectives,
        scalars::{parse, parse_optional},
    },
    store::target_set,
};

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::CreateTargetSetRequest,
) -> Result<pb::TargetSet, Error> {
    let contract = parse("contract", &request.contract)?;
    let amendment: Option<AmendmentId> = parse_optional("amendment", &request.amendment)?;
    let objectives = objectives::read(&request.objectives)?;
    let mut unit = claim!(app, call, request);
    let contract = target_sets::contract_of(unit.connection(), call, contract).await?;
    planning::check_origins(unit.connection(), contract.region, &objectives).await?;
    offer::check_scheme_objectives(unit.connection(), contract.region, &objectives).await?;
    let carrier = Carrier {
        sequence: target_set::next_sequence(unit.connection(), contract.id).await?,
        amendment,
    };
    let (set, event) = TargetSet::draft(
        TargetSetId::generate(),
        carrier,
        objectives,
        request.note.clone(),
        &contract,
        &app.catalogue,
    )
    .map_err(refused)?;
    target_set::insert(unit.connection(), &set, call.at)
        .await
        .map_err(|error| match store::constraint(&error) {
            Some(
                "target_set_contract_key" | "target_set_amendment_key" | "target_set_sequence_key",
            ) => Refusal::TargetSetExists(contract.id).into(),
            _ => Error::from(error),
        })?;
    unit.append(vec![published::target_set(&set, &event)?])
        .await?;
    let reply = target_sets::reply(&target_sets::new(set, call.at));
    unit.commit(&reply).await?;
    Ok(reply)
}
