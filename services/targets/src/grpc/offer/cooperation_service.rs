//! `CooperationService`.

use proto::targets::v1::{self as pb, cooperation_service_server::CooperationService};
use tonic::{Request, Response, Status};

use crate::{
    app::{
        App,
        offer::{
            change_cooperation,
            kept::{self, Asked},
        },
    },
    domain::offer::Cooperation,
    grpc::offer::cooperations::read_state,
};

pub(crate) struct Cooperations(pub(crate) App);

#[tonic::async_trait]
impl CooperationService for Cooperations {
    async fn register_cooperation(
        &self,
        request: Request<pb::RegisterCooperationRequest>,
    ) -> Result<Response<pb::Cooperation>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            change_cooperation::register(&self.0, &call, &request).await?,
        ))
    }

    async fn get_cooperation(
        &self,
        request: Request<pb::GetCooperationRequest>,
    ) -> Result<Response<pb::Cooperation>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            kept::get::<Cooperation>(&self.0, &call, &request.name).await?,
        ))
    }

    async fn list_cooperations(
        &self,
        request: Request<pb::ListCooperationsRequest>,
    ) -> Result<Response<pb::ListCooperationsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        let asked = Asked {
            region: &request.region,
            state: read_state(request.state()),
            page_size: request.page_size,
            page_token: &request.page_token,
        };
        let (cooperations, next_page_token) =
            kept::list::<Cooperation>(&self.0, &call, &asked).await?;
        Ok(Response::new(pb::ListCooperationsResponse {
            cooperations,
            next_page_token,
        }))
    }

    async fn revise_cooperation(
        &self,
        request: Request<pb::ReviseCooperationRequest>,
    ) -> Result<Response<pb::Cooperation>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            change_cooperation::revise(&self.0, &call, &request).await?,
        ))
    }

    async fn record_savings(
        &self,
        request: Request<pb::RecordSavingsRequest>,
    ) -> Result<Response<pb::Cooperation>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            change_cooperation::save(&self.0, &call, &request).await?,
        ))
    }

    async fn end_cooperation(
        &self,
        request: Request<pb::EndCooperationRequest>,
    ) -> Result<Response<pb::Cooperation>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            change_cooperation::end(&self.0, &call, &request).await?,
        ))
    }

    async fn get_savings_report(
        &self,
        request: Request<pb::GetSavingsReportRequest>,
    ) -> Result<Response<pb::SavingsReport>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            change_cooperation::savings(&self.0, &call, &request).await?,
        ))
    }
}
