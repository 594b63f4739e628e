//! `ControlService`.

use ::store::Db;
use proto::controls::v1::{self as pb, control_service_server::ControlService};
use tonic::{Request, Response, Status};

use crate::app::{correct_finding, read_controls, read_findings, read_outcome, withdraw_finding};

#[derive(Debug)]
pub struct Controls(pub Db);

#[tonic::async_trait]
impl ControlService for Controls {
    async fn get_control(
        &self,
        request: Request<pb::GetControlRequest>,
    ) -> Result<Response<pb::Control>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_controls::get(&self.0, &call, request).await?,
        ))
    }

    async fn list_controls(
        &self,
        request: Request<pb::ListControlsRequest>,
    ) -> Result<Response<pb::ListControlsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_controls::list(&self.0, &call, request).await?,
        ))
    }

    async fn get_finding(
        &self,
        request: Request<pb::GetFindingRequest>,
    ) -> Result<Response<pb::Finding>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_findings::get(&self.0, &call, request).await?,
        ))
    }

    async fn list_findings(
        &self,
        request: Request<pb::ListFindingsRequest>,
    ) -> Result<Response<pb::ListFindingsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_findings::list(&self.0, &call, request).await?,
        ))
    }

    async fn withdraw_finding(
        &self,
        request: Request<pb::WithdrawFindingRequest>,
    ) -> Result<Response<pb::Finding>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            withdraw_finding::run(&self.0, &call, request).await?,
        ))
    }

    async fn correct_finding(
        &self,
        request: Request<pb::CorrectFindingRequest>,
    ) -> Result<Response<pb::Finding>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            correct_finding::run(&self.0, &call, request).await?,
        ))
    }

    async fn explain_finding(
        &self,
        request: Request<pb::ExplainFindingRequest>,
    ) -> Result<Response<pb::Explanation>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_outcome::explain(&self.0, &call, request).await?,
        ))
    }

    async fn get_control_outcome(
        &self,
        request: Request<pb::GetControlOutcomeRequest>,
    ) -> Result<Response<pb::ControlOutcome>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_outcome::get(&self.0, &call, request).await?,
        ))
    }
}
