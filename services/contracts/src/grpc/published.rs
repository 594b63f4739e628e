//! `PublishedContractService`.

use proto::contracts::v1::{
    GetPublishedContractPdfRequest, GetPublishedContractRequest, ListPublishedContractsRequest,
    ListPublishedContractsResponse, Pdf, PublishedText,
    published_contract_service_server::PublishedContractService,
};

use crate::app::{App, documents, read_published};

/// Answers `PublishedContractService`.
#[derive(Debug, Clone)]
pub(crate) struct PublishedContracts(pub(crate) App);

rpc::answers! {
    PublishedContractService for PublishedContracts;

    fn list_published_contracts(app, call, request: ListPublishedContractsRequest)
        -> ListPublishedContractsResponse
    {
        read_published::list(app, &call, request).await?
    }
    fn get_published_contract(app, call, request: GetPublishedContractRequest) -> PublishedText {
        read_published::get(app, &call, request).await?
    }
    fn get_published_contract_pdf(app, call, request: GetPublishedContractPdfRequest) -> Pdf {
        documents::published(app, &call, request).await?
    }
}
