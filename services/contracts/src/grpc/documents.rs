//! `DocumentService`.

use proto::contracts::v1::{
    GetAmendmentPdfRequest, GetConsolidatedPdfRequest, GetContractPdfRequest,
    GetDecisionPdfRequest, GetFormalNoticePdfRequest, GetTemplateRequest, GetVersionPdfRequest,
    ListTemplatesRequest, ListTemplatesResponse, Pdf, PublishTemplateRequest, Template,
    document_service_server::DocumentService,
};
use tonic::{Request, Response, Status};

use crate::app::{
    App,
    documents::{self, publish},
};

/// Answers `DocumentService`.
#[derive(Debug, Clone)]
pub(crate) struct Documents(pub(crate) App);

#[tonic::async_trait]
impl DocumentService for Documents {
    async fn get_contract_pdf(
        &self,
        request: Request<GetContractPdfRequest>,
    ) -> Result<Response<Pdf>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            documents::contract(&self.0, &call, request).await?,
        ))
    }

    async fn get_version_pdf(
        &self,
        request: Request<GetVersionPdfRequest>,
    ) -> Result<Response<Pdf>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            documents::version(&self.0, &call, request).await?,
        ))
    }

    async fn get_consolidated_pdf(
        &self,
        request: Request<GetConsolidatedPdfRequest>,
    ) -> Result<Response<Pdf>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            documents::consolidated(&self.0, &call, request).await?,
        ))
    }

    async fn get_amendment_pdf(
        &self,
        request: Request<GetAmendmentPdfRequest>,
    ) -> Result<Response<Pdf>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            documents::amendment(&self.0, &call, request).await?,
        ))
    }

    async fn get_formal_notice_pdf(
        &self,
        request: Request<GetFormalNoticePdfRequest>,
    ) -> Result<Response<Pdf>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            documents::formal_notice(&self.0, &call, request).await?,
        ))
    }

    async fn get_decision_pdf(
        &self,
        request: Request<GetDecisionPdfRequest>,
    ) -> Result<Response<Pdf>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            documents::decision(&self.0, &call, request).await?,
        ))
    }

    async fn publish_template(
        &self,
        request: Request<PublishTemplateRequest>,
    ) -> Result<Response<Template>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(publish::run(&self.0, &call, request).await?))
    }

    async fn get_template(
        &self,
        request: Request<GetTemplateRequest>,
    ) -> Result<Response<Template>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(publish::get(&self.0, &call, request).await?))
    }

    async fn list_templates(
        &self,
        request: Request<ListTemplatesRequest>,
    ) -> Result<Response<ListTemplatesResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(publish::list(&self.0, &call, request).await?))
    }
}
