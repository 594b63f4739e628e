//! `MandateService`.

use proto::contracts::v1::{
    EndMandateRequest, ListMandatesRequest, ListMandatesResponse, Mandate, RegisterMandateRequest,
    mandate_service_server::MandateService,
};
use tonic::{Request, Response, Status};

use crate::app::{App, mandates};

/// Answers `MandateService`.
#[derive(Debug, Clone)]
pub(crate) struct Mandates(pub(crate) App);

#[tonic::async_trait]
impl MandateService for Mandates {
    async fn register_mandate(
        &self,
        request: Request<RegisterMandateRequest>,
    ) -> Result<Response<Mandate>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            mandates::register(&self.0, &call, request).await?,
        ))
    }

    async fn end_mandate(
        &self,
        request: Request<EndMandateRequest>,
    ) -> Result<Response<Mandate>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(mandates::end(&self.0, &call, request).await?))
    }

    async fn list_mandates(
        &self,
        request: Request<ListMandatesRequest>,
    ) -> Result<Response<ListMandatesResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            mandates::list(&self.0, &call, request).await?,
        ))
    }
}
