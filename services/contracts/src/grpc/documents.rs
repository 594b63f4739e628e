//! `DocumentService`.

use proto::contracts::v1::{
    GetAmendmentPdfRequest, GetConsolidatedPdfRequest, GetContractPdfRequest,
    GetDecisionPdfRequest, GetFormalNoticePdfRequest, GetTemplateRequest, GetVersionPdfRequest,
    ListTemplatesRequest, ListTemplatesResponse, Pdf, PublishTemplateRequest, Template,
    document_service_server::DocumentService,
};

use crate::app::{
    App,
    documents::{self, publish},
};

/// Answers `DocumentService`.
#[derive(Debug, Clone)]
pub(crate) struct Documents(pub(crate) App);

rpc::answers! {
    DocumentService for Documents;

    fn get_contract_pdf(app, call, request: GetContractPdfRequest) -> Pdf {
        documents::contract(app, &call, request).await?
    }
    fn get_version_pdf(app, call, request: GetVersionPdfRequest) -> Pdf {
        documents::version(app, &call, request).await?
    }
    fn get_consolidated_pdf(app, call, request: GetConsolidatedPdfRequest) -> Pdf {
        documents::consolidated(app, &call, request).await?
    }
    fn get_amendment_pdf(app, call, request: GetAmendmentPdfRequest) -> Pdf {
        documents::amendment(app, &call, request).await?
    }
    fn get_formal_notice_pdf(app, call, request: GetFormalNoticePdfRequest) -> Pdf {
        documents::formal_notice(app, &call, request).await?
    }
    fn get_decision_pdf(app, call, request: GetDecisionPdfRequest) -> Pdf {
        documents::decision(app, &call, request).await?
    }
    fn publish_template(app, call, request: PublishTemplateRequest) -> Template {
        publish::run(app, &call, request).await?
    }
    fn get_template(app, call, request: GetTemplateRequest) -> Template {
        publish::get(app, &call, request).await?
    }
    fn list_templates(app, call, request: ListTemplatesRequest) -> ListTemplatesResponse {
        publish::list(app, &call, request).await?
    }
}
