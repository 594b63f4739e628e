//! `ProjectCallService`.

use proto::targets::v1::{self as pb, project_call_service_server::ProjectCallService};
use tonic::{Request, Response, Status};

use crate::{
    app::{
        App,
        offer::{
            change_call,
            kept::{self, Asked},
        },
    },
    domain::offer::ProjectCall,
    grpc::offer::project_calls::read_state,
};

pub(crate) struct ProjectCalls(pub(crate) App);

#[tonic::async_trait]
impl ProjectCallService for ProjectCalls {
    async fn open_project_call(
        &self,
        request: Request<pb::OpenProjectCallRequest>,
    ) -> Result<Response<pb::ProjectCall>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            change_call::open_call(&self.0, &call, &request).await?,
        ))
    }

    async fn get_project_call(
        &self,
        request: Request<pb::GetProjectCallRequest>,
    ) -> Result<Response<pb::ProjectCall>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            kept::get::<ProjectCall>(&self.0, &call, &request.name).await?,
        ))
    }

    async fn list_project_calls(
        &self,
        request: Request<pb::ListProjectCallsRequest>,
    ) -> Result<Response<pb::ListProjectCallsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        let asked = Asked {
            region: &request.region,
            state: read_state(request.state()),
            page_size: request.page_size,
            page_token: &request.page_token,
        };
        let (project_calls, next_page_token) =
            kept::list::<ProjectCall>(&self.0, &call, &asked).await?;
        Ok(Response::new(pb::ListProjectCallsResponse {
            project_calls,
            next_page_token,
        }))
    }

    async fn schedule_project_call(
        &self,
        request: Request<pb::ScheduleProjectCallRequest>,
    ) -> Result<Response<pb::ProjectCall>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            change_call::schedule(&self.0, &call, &request).await?,
        ))
    }

    async fn publish_project_call(
        &self,
        request: Request<pb::PublishProjectCallRequest>,
    ) -> Result<Response<pb::ProjectCall>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            change_call::publish(&self.0, &call, &request).await?,
        ))
    }

    async fn register_candidate(
        &self,
        request: Request<pb::RegisterCandidateRequest>,
    ) -> Result<Response<pb::ProjectCall>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            change_call::register(&self.0, &call, &request).await?,
        ))
    }

    async fn record_commission_opinion(
        &self,
        request: Request<pb::RecordCommissionOpinionRequest>,
    ) -> Result<Response<pb::ProjectCall>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            change_call::opine(&self.0, &call, &request).await?,
        ))
    }

    async fn authorise_candidate(
        &self,
        request: Request<pb::AuthoriseCandidateRequest>,
    ) -> Result<Response<pb::ProjectCall>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            change_call::authorise(&self.0, &call, &request).await?,
        ))
    }

    async fn drop_project_call(
        &self,
        request: Request<pb::DropProjectCallRequest>,
    ) -> Result<Response<pb::ProjectCall>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            change_call::drop(&self.0, &call, &request).await?,
        ))
    }

    async fn link_project_call(
        &self,
        request: Request<pb::LinkProjectCallRequest>,
    ) -> Result<Response<pb::ProjectCall>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            change_call::link(&self.0, &call, &request).await?,
        ))
    }
}
