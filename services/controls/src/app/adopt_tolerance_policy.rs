//! A manager puts a policy in effect, from a day that is not past.

use ::store::{Db, constraint};
use kernel::legal_time::legal_day;
use proto::controls::v1 as pb;
use rpc::{Call, Error, etag};

use super::append_one;
use crate::{
    domain::{
        PolicyId, Refusal,
        policy::{Adopt, Event},
    },
    events::published,
    grpc::convert,
    store::tolerance_policy,
};

pub async fn run(
    db: &Db,
    call: &Call,
    request: pb::AdoptTolerancePolicyRequest,
) -> Result<pb::TolerancePolicy, Error> {
    let by = call.human()?;
    let id: PolicyId = convert::name("name", &request.name)?;
    let former: Option<PolicyId> = convert::optional_name("replaces", &request.replaces)?;
    let effect_date = convert::date("effect_date", &request.effect_date)?;
    let reasons = convert::reasons(&request.reasons)?;
    let mut unit = claim!(db, call, request);
    let policy = tolerance_policy::lock(unit.connection(), id)
        .await?
        .ok_or_else(|| Error::NotFound(id.to_string()))?;
    call.caller
        .require_region(policy.region, &call.permission)?;
    etag::check_telling(&mut unit, &policy.id, &request.etag, policy.version).await?;
    let former = match former {
        None => None,
        Some(id) => Some(
            tolerance_policy::lock(unit.connection(), id)
                .await?
                .ok_or_else(|| Error::NotFound(id.to_string()))?,
        ),
    };
    let today = legal_day(call.at, policy.region);
    let event = policy.adopt(&Adopt {
        by: &by,
        at: call.at,
        today,
        effect_date,
        replaces: former.as_ref(),
        could_be_simulated: tolerance_policy::can_be_simulated(unit.connection(), policy.region)
            .await?,
    })?;
    if let Some(former) = former {
        let event = Event::Replaced {
            from: effect_date,
            by: id,
        };
        let former = former.evolve(&event);
        unit.append(vec![published::policy(&former, &event)?])
            .await?;
        tolerance_policy::replaced(unit.connection(), &former).await?;
    }
    let adopted = policy.evolve(&event);
    let fact = published::policy(&adopted, &event)?.because(reasons.as_str());
    let adopted_by = append_one(&mut unit, fact).await?;
    tolerance_policy::adopted(unit.connection(), &adopted, adopted_by)
        .await
        .map_err(|error| match constraint(&error) {
            Some("tolerance_policy_overlap") => Refusal::PolicyOverlap.into(),
            _ => Error::from(error),
        })?;
    let reply = convert::policy::message(&adopted, today);
    unit.commit(&reply).await?;
    Ok(reply)
}
