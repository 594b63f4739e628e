//! `TolerancePolicyService`.

use ::store::Db;
use proto::controls::v1::{self as pb, tolerance_policy_service_server::TolerancePolicyService};
use tonic::{Request, Response, Status};

use crate::app::{
    adopt_tolerance_policy, create_tolerance_policy, read_policies, simulate_tolerance_policy,
};

#[derive(Debug)]
pub struct Policies(pub Db);

#[tonic::async_trait]
impl TolerancePolicyService for Policies {
    async fn create_tolerance_policy(
        &self,
        request: Request<pb::CreateTolerancePolicyRequest>,
    ) -> Result<Response<pb::TolerancePolicy>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            create_tolerance_policy::run(&self.0, &call, request).await?,
        ))
    }

    async fn get_tolerance_policy(
        &self,
        request: Request<pb::GetTolerancePolicyRequest>,
    ) -> Result<Response<pb::TolerancePolicy>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_policies::get(&self.0, &call, request).await?,
        ))
    }

    async fn list_tolerance_policies(
        &self,
        request: Request<pb::ListTolerancePoliciesRequest>,
    ) -> Result<Response<pb::ListTolerancePoliciesResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_policies::list(&self.0, &call, request).await?,
        ))
    }

    async fn simulate_tolerance_policy(
        &self,
        request: Request<pb::SimulateTolerancePolicyRequest>,
    ) -> Result<Response<pb::TolerancePolicy>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            simulate_tolerance_policy::run(&self.0, &call, request).await?,
        ))
    }

    async fn list_simulated_contracts(
        &self,
        request: Request<pb::ListSimulatedContractsRequest>,
    ) -> Result<Response<pb::ListSimulatedContractsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            simulate_tolerance_policy::list(&self.0, &call, request).await?,
        ))
    }

    async fn adopt_tolerance_policy(
        &self,
        request: Request<pb::AdoptTolerancePolicyRequest>,
    ) -> Result<Response<pb::TolerancePolicy>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            adopt_tolerance_policy::run(&self.0, &call, request).await?,
        ))
    }
}
