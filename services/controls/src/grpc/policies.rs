//! `TolerancePolicyService`.

use ::store::Db;
use proto::controls::v1::{self as pb, tolerance_policy_service_server::TolerancePolicyService};

use crate::app::{
    adopt_tolerance_policy, create_tolerance_policy, read_policies, simulate_tolerance_policy,
};

#[derive(Debug)]
pub struct Policies(pub Db);

rpc::answers! {
    TolerancePolicyService for Policies;

    fn create_tolerance_policy(
        db, call, request: pb::CreateTolerancePolicyRequest
    ) -> pb::TolerancePolicy {
        create_tolerance_policy::run(db, &call, request).await?
    }
    fn get_tolerance_policy(
        db, call, request: pb::GetTolerancePolicyRequest
    ) -> pb::TolerancePolicy {
        read_policies::get(db, &call, request).await?
    }
    fn list_tolerance_policies(
        db, call, request: pb::ListTolerancePoliciesRequest
    ) -> pb::ListTolerancePoliciesResponse {
        read_policies::list(db, &call, request).await?
    }
    fn simulate_tolerance_policy(
        db, call, request: pb::SimulateTolerancePolicyRequest
    ) -> pb::TolerancePolicy {
        simulate_tolerance_policy::run(db, &call, request).await?
    }
    fn list_simulated_contracts(
        db, call, request: pb::ListSimulatedContractsRequest
    ) -> pb::ListSimulatedContractsResponse {
        simulate_tolerance_policy::list(db, &call, request).await?
    }
    fn adopt_tolerance_policy(
        db, call, request: pb::AdoptTolerancePolicyRequest
    ) -> pb::TolerancePolicy {
        adopt_tolerance_policy::run(db, &call, request).await?
    }
}
