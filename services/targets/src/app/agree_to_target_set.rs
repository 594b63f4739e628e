//! One side agrees to a target set: the agency, or the establishment by a director of a party.

use proto::targets::v1 as pb;
use rpc::{Call, Error, etag};

use super::{App, error::refused, target_sets};
use crate::{
    domain::{Command, Contract, Side},
    grpc::scalars::parse,
};

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::AgreeToTargetSetRequest,
) -> Result<pb::TargetSet, Error> {
    let id = parse("name", &request.name)?;
    let by = call.human()?;
    let mut unit = claim!(app, call, request);
    let (set, contract) = target_sets::lock(&mut unit, call, id).await?;
    let side = side_of(call, &contract)?;
    etag::check_telling(&mut unit, &set.set.id, &request.etag, set.set.version).await?;
    let events = set
        .set
        .decide(Command::Agree {
            side,
            by,
            contract: &contract,
            catalogue: &app.catalogue,
        })
        .map_err(refused)?;
    let reply = target_sets::reply(&target_sets::apply(&mut unit, set, &events).await?);
    unit.commit(&reply).await?;
    Ok(reply)
}

/// The side a caller speaks for. A contract binds legal entities, so a director agrees for one of them, not
/// for a site.
fn side_of(call: &Call, contract: &Contract) -> Result<Side, Error> {
    let denied = |explanation: &str| Error::Denied {
        permission: call.permission.clone(),
        explanation: explanation.to_owned(),
    };
    let side = Side::of_role(&call.caller.actor.role)
        .ok_or_else(|| denied("this role speaks for no side of a contract"))?;
    let binds = contract
        .legal_entities
        .iter()
        .any(|entity| call.caller.represents(entity));
    if side == Side::Establishment && !binds {
        return Err(denied(
            "only the director of a legal entity of the contract may agree for it",
        ));
    }
    Ok(side)
}
