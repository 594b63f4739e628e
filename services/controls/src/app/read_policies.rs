//! Reading tolerance policies.

use ::store::Db;
use kernel::legal_time::legal_day;
use proto::controls::v1 as pb;
use rpc::{Call, Error, Page};

use super::{allowed_actions, visibility};
use crate::{domain::PolicyId, grpc::convert, store::tolerance_policy};

pub async fn get(
    db: &Db,
    call: &Call,
    request: pb::GetTolerancePolicyRequest,
) -> Result<pb::TolerancePolicy, Error> {
    let id: PolicyId = convert::name("name", &request.name)?;
    let mut connection = db.pool().acquire().await?;
    let policy = tolerance_policy::find(&mut connection, id)
        .await?
        .filter(|policy| call.caller.sees(policy.region))
        .ok_or(Error::NotFound(request.name))?;
    let could_be_simulated =
        tolerance_policy::can_be_simulated(&mut connection, policy.region).await?;
    let acts = policy.acts(could_be_simulated);
    Ok(pb::TolerancePolicy {
        allowed_actions: allowed_actions::told(call, "TolerancePolicyService", acts),
        ..convert::policy::message(&policy, legal_day(call.at, policy.region))
    })
}

pub async fn list(
    db: &Db,
    call: &Call,
    request: pb::ListTolerancePoliciesRequest,
) -> Result<pb::ListTolerancePoliciesResponse, Error> {
    let page = Page::read(request.page_size, &request.page_token, &[&request.region])?;
    let region = convert::given(&request.region);
    let visibility = visibility(&call.caller);
    let mut rows =
        tolerance_policy::list(db.pool(), &visibility, region, page.key(0)?, page.limit()).await?;
    let next_page_token = page.next(&mut rows, |row| vec![row.id.0.to_string()]);
    Ok(pb::ListTolerancePoliciesResponse {
        tolerance_policies: rows
            .iter()
            .map(|policy| convert::policy::message(policy, legal_day(call.at, policy.region)))
            .collect(),
        next_page_token,
    })
}
