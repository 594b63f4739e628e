//! `ProgrammingService`.

use proto::contracts::v1::{
    ApproveProgrammingRequest, CheckContractProgrammingRequest, CheckContractProgrammingResponse,
    DiscardProgrammingRequest, DraftProgrammingRequest, GetProgrammingRequest,
    ListProgrammingsRequest, ListProgrammingsResponse, Programming, PublishProgrammingRequest,
    ReviseProgrammingRequest, programming_service_server::ProgrammingService,
};
use tonic::{Request, Response, Status};

use crate::app::{App, programming};

/// Answers `ProgrammingService`.
#[derive(Debug, Clone)]
pub(crate) struct Programmings(pub(crate) App);

#[tonic::async_trait]
impl ProgrammingService for Programmings {
    async fn draft_programming(
        &self,
        request: Request<DraftProgrammingRequest>,
    ) -> Result<Response<Programming>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            programming::draft::run(&self.0, &call, request).await?,
        ))
    }

    async fn revise_programming(
        &self,
        request: Request<ReviseProgrammingRequest>,
    ) -> Result<Response<Programming>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            programming::act::revise(&self.0, &call, request).await?,
        ))
    }

    async fn approve_programming(
        &self,
        request: Request<ApproveProgrammingRequest>,
    ) -> Result<Response<Programming>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            programming::act::approve(&self.0, &call, request).await?,
        ))
    }

    async fn publish_programming(
        &self,
        request: Request<PublishProgrammingRequest>,
    ) -> Result<Response<Programming>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            programming::act::publish(&self.0, &call, request).await?,
        ))
    }

    async fn discard_programming(
        &self,
        request: Request<DiscardProgrammingRequest>,
    ) -> Result<Response<Programming>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            programming::act::discard(&self.0, &call, request).await?,
        ))
    }

    async fn get_programming(
        &self,
        request: Request<GetProgrammingRequest>,
    ) -> Result<Response<Programming>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            programming::read::get(&self.0, &call, request).await?,
        ))
    }

    async fn list_programmings(
        &self,
        request: Request<ListProgrammingsRequest>,
    ) -> Result<Response<ListProgrammingsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            programming::read::list(&self.0, &call, request).await?,
        ))
    }

    async fn check_contract_programming(
        &self,
        request: Request<CheckContractProgrammingRequest>,
    ) -> Result<Response<CheckContractProgrammingResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            programming::read::check_contract(&self.0, &call, request).await?,
        ))
    }
}
