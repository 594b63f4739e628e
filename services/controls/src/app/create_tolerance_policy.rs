//! A person records the draft of how far measures may be from their targets before people look at them.

use ::store::Db;
use kernel::legal_time::legal_day;
use proto::controls::v1 as pb;
use rpc::{Call, Error};

use super::append_one;
use crate::{
    domain::{
        Policy, PolicyId,
        policy::{Event, State},
    },
    events::published,
    grpc::convert,
    store::tolerance_policy,
};

pub async fn run(
    db: &Db,
    call: &Call,
    request: pb::CreateTolerancePolicyRequest,
) -> Result<pb::TolerancePolicy, Error> {
    let author = call.human()?;
    let region = convert::region(&request.region)?;
    call.caller.require_region(region, &call.permission)?;
    let rules = convert::policy::rules(request.rules.as_ref())?;
    let reasons = convert::reasons(&request.reasons)?;
    let mut unit = claim!(db, call, request);
    let policy = Policy {
        id: PolicyId::generate(),
        region,
        rules,
        reasons: reasons.into(),
        author: author.actor().clone(),
        created_at: call.at,
        simulations: Vec::new(),
        state: State::Draft,
        version: 1,
    };
    let event = append_one(&mut unit, published::policy(&policy, &Event::Created)?).await?;
    tolerance_policy::insert(unit.connection(), &policy, event).await?;
    let reply = convert::policy::message(&policy, legal_day(call.at, region));
    unit.commit(&reply).await?;
    Ok(reply)
}
