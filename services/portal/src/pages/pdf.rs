//! Documents as PDF, downloaded by whoever may read what they show.

use axum::{extract::Path, response::Response};
use proto::contracts::v1::{
    GetAmendmentPdfRequest, GetConsolidatedPdfRequest, GetContractPdfRequest,
    GetDecisionPdfRequest, GetFormalNoticePdfRequest, GetPublishedContractPdfRequest, Pdf,
};
use tonic::{Response as Answer, Status};

use super::{error, resource};
use crate::{
    Failure,
    frame::Section,
    services::within,
    table::attachment,
    text::dates,
    visitor::{Anybody, Visitor},
};

fn download(answer: Result<Answer<Pdf>, Status>) -> Result<Response, Failure> {
    let pdf = answer?.into_inner();
    Ok(attachment(pdf.content, "application/pdf", &pdf.file_name))
}

/// `/contrats-en-vigueur/{id}/contrat.pdf`: without the passages that are withheld, for everybody.
pub(crate) async fn published(Path(id): Path<String>, anybody: Anybody) -> Response {
    let made = published_pdf(&id, &anybody).await;
    made.unwrap_or_else(|failure| error::page(anybody.frame("Erreur", Section::None), &failure))
}

async fn published_pdf(id: &str, anybody: &Anybody) -> Result<Response, Failure> {
    let request = GetPublishedContractPdfRequest {
        name: resource("publishedContracts", id)?,
    };
    let mut client = anybody.portal.channels.published_contracts();
    download(client.get_published_contract_pdf(within(request)).await)
}

/// `/contrats/{id}/contrat.pdf`: as it was frozen, with the signatures so far.
pub(crate) async fn contract(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor.answer(contract_pdf(&visitor, &id).await).await
}

async fn contract_pdf(visitor: &Visitor, id: &str) -> Result<Response, Failure> {
    let request = GetContractPdfRequest {
        name: resource("contracts", id)?,
        ..Default::default()
    };
    let mut client = visitor.services.documents();
    download(client.get_contract_pdf(within(request)).await)
}

/// `/contrats/{id}/consolide.pdf`: as it reads on the day `au`, today when there is none.
pub(crate) async fn consolidated(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor.answer(consolidated_pdf(&visitor, &id).await).await
}

async fn consolidated_pdf(visitor: &Visitor, id: &str) -> Result<Response, Failure> {
    let day = dates::parse(visitor.query().text("au"));
    let request = GetConsolidatedPdfRequest {
        name: resource("contracts", id)?,
        as_of: day.map(|day| day.to_string()).unwrap_or_default(),
        ..Default::default()
    };
    let mut client = visitor.services.documents();
    download(client.get_consolidated_pdf(within(request)).await)
}

/// `/avenants/{id}/avenant.pdf`: as it was frozen, with the signatures so far.
pub(crate) async fn amendment(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor.answer(amendment_pdf(&visitor, &id).await).await
}

async fn amendment_pdf(visitor: &Visitor, id: &str) -> Result<Response, Failure> {
    let request = GetAmendmentPdfRequest {
        name: resource("amendments", id)?,
        ..Default::default()
    };
    let mut client = visitor.services.documents();
    download(client.get_amendment_pdf(within(request)).await)
}

/// `/procedures/{id}/mise-en-demeure.pdf`: as it was sent.
pub(crate) async fn formal_notice(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor.answer(formal_notice_pdf(&visitor, &id).await).await
}

async fn formal_notice_pdf(visitor: &Visitor, id: &str) -> Result<Response, Failure> {
    let request = GetFormalNoticePdfRequest {
        name: resource("procedures", id)?,
    };
    let mut client = visitor.services.documents();
    download(client.get_formal_notice_pdf(within(request)).await)
}

/// `/procedures/{id}/decision.pdf`: as it was taken.
pub(crate) async fn decision(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor.answer(decision_pdf(&visitor, &id).await).await
}

async fn decision_pdf(visitor: &Visitor, id: &str) -> Result<Response, Failure> {
    let request = GetDecisionPdfRequest {
        name: resource("procedures", id)?,
    };
    let mut client = visitor.services.documents();
    download(client.get_decision_pdf(within(request)).await)
}
