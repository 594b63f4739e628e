//! `PublishedContractService`.

use proto::contracts::v1::{
    GetPublishedContractPdfRequest, GetPublishedContractRequest, ListPublishedContractsRequest,
    ListPublishedContractsResponse, Pdf, PublishedText,
    published_contract_service_server::PublishedContractService,
};
use tonic::{Request, Response, Status};

use crate::app::{App, documents, read_published};

/// Answers `PublishedContractService`.
#[derive(Debug, Clone)]
pub(crate) struct PublishedContracts(pub(crate) App);

#[tonic::async_trait]
impl PublishedContractService for PublishedContracts {
    async fn list_published_contracts(
        &self,
        request: Request<ListPublishedContractsRequest>,
    ) -> Result<Response<ListPublishedContractsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_published::list(&self.0, &call, request).await?,
        ))
    }

    async fn get_published_contract(
        &self,
        request: Request<GetPublishedContractRequest>,
    ) -> Result<Response<PublishedText>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_published::get(&self.0, &call, request).await?,
        ))
    }

    async fn get_published_contract_pdf(
        &self,
        request: Request<GetPublishedContractPdfRequest>,
    ) -> Result<Response<Pdf>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            documents::published(&self.0, &call, request).await?,
        ))
    }
}
