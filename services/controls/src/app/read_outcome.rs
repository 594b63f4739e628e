//! The history of a control from its measure to its final outcome, and a finding explained.

use ::store::Db;
use proto::controls::v1 as pb;
use rpc::{Call, Error};

use super::visibility;
use crate::{
    domain::{ControlId, FindingId, finding::State, outcome},
    grpc::convert,
    store::{campaign, control, finding, follow_up, inconsistent},
};

pub async fn get(
    db: &Db,
    call: &Call,
    request: pb::GetControlOutcomeRequest,
) -> Result<pb::ControlOutcome, Error> {
    let id: ControlId = convert::name("name", &request.name)?;
    let control = control::find(db.pool(), &visibility(&call.caller), id)
        .await?
        .ok_or(Error::NotFound(request.name))?;
    let findings = finding::of_control(db.pool(), id).await?;
    let standing = findings
        .iter()
        .filter(|finding| finding.state == State::Raised)
        .count();
    let mut steps = follow_up::steps(db.pool(), id, control.campaign, control.contract).await?;
    if call.caller.is_establishment() {
        steps = outcome::for_the_establishment(steps);
    }
    let stage = outcome::stage(control.result, standing, &steps);
    Ok(convert::outcome::control_outcome(id, stage, &steps))
}

/// Explains a finding as it stands (CRPA L311-3-1, R311-3-1-2).
pub async fn explain(
    db: &Db,
    call: &Call,
    request: pb::ExplainFindingRequest,
) -> Result<pb::Explanation, Error> {
    let id: FindingId = convert::name("name", &request.name)?;
    let finding = finding::find(db.pool(), &visibility(&call.caller), id)
        .await?
        .ok_or(Error::NotFound(request.name))?;
    let campaign = campaign::find(db.pool(), finding.facts.campaign)
        .await?
        .ok_or_else(|| inconsistent(format!("the campaign of {id} is gone")))?
        .campaign;
    Ok(convert::outcome::explanation(&finding, &campaign))
}
