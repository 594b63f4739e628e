//! Documents as PDF, downloaded by whoever may read what they show.

use axum::{extract::Path, response::Response};
use proto::contracts::v1::{
    GetAmendmentPdfRequest, GetConsolidatedPdfRequest, GetContractPdfRequest,
    GetDecisionPdfRequest, GetFormalNoticePdfRequest, GetPublishedContractPdfRequest,
    GetVersionPdfRequest, Pdf, document_service_client::DocumentServiceClient,
};
use rpc::client::Peer;
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

/// What a service makes of a document.
type Made = Result<Answer<Pdf>, Status>;

fn file(made: Made) -> Result<Response, Failure> {
    let pdf = made?.into_inner();
    Ok(attachment(pdf.content, "application/pdf", &pdf.file_name))
}

/// The document that `ask` has made of the resource that an address names, for somebody who is signed in.
async fn download<F: Future<Output = Made>>(
    visitor: Visitor,
    (collection, id): (&str, &str),
    ask: impl FnOnce(DocumentServiceClient<Peer>, String) -> F,
) -> Response {
    let made = match resource(collection, id) {
        Ok(name) => file(ask(visitor.services.documents(), name).await),
        Err(failure) => Err(failure),
    };
    visitor.answer(made).await
}

/// `/contrats-en-vigueur/{id}/contrat.pdf`: without the passages that are withheld, for everybody.
pub(crate) async fn published(Path(id): Path<String>, anybody: Anybody) -> Response {
    let made = match resource("publishedContracts", &id) {
        Ok(name) => {
            let mut client = anybody.portal.channels.published_contracts();
            let request = GetPublishedContractPdfRequest { name };
            file(client.get_published_contract_pdf(within(request)).await)
        }
        Err(failure) => Err(failure),
    };
    made.unwrap_or_else(|failure| error::page(anybody.frame("Erreur", Section::None), &failure))
}

/// `/contrats/{id}/contrat.pdf`: as it was frozen, with the signatures so far.
pub(crate) async fn contract(Path(id): Path<String>, visitor: Visitor) -> Response {
    download(visitor, ("contracts", &id), |mut client, name| async move {
        let request = GetContractPdfRequest {
            name,
            ..Default::default()
        };
        client.get_contract_pdf(within(request)).await
    })
    .await
}

/// `/contrats/{id}/versions/{number}/projet.pdf`: a version as it was proposed, marked as a draft.
pub(crate) async fn draft(
    Path((id, number)): Path<(String, String)>,
    visitor: Visitor,
) -> Response {
    let text_version = match number.parse::<i32>() {
        Ok(number) if number > 0 => number,
        _ => return visitor.answer(Err(Failure::NotFound)).await,
    };
    download(visitor, ("contracts", &id), |mut client, name| async move {
        let request = GetVersionPdfRequest { name, text_version };
        client.get_version_pdf(within(request)).await
    })
    .await
}

/// `/contrats/{id}/consolide.pdf`: as it reads on the day `au`, today when there is none.
pub(crate) async fn consolidated(Path(id): Path<String>, visitor: Visitor) -> Response {
    let day = dates::parse(visitor.query().text("au"));
    let as_of = day.map(|day| day.to_string()).unwrap_or_default();
    download(visitor, ("contracts", &id), |mut client, name| async move {
        let request = GetConsolidatedPdfRequest {
            name,
            as_of,
            ..Default::default()
        };
        client.get_consolidated_pdf(within(request)).await
    })
    .await
}

/// `/avenants/{id}/avenant.pdf`: as it was frozen, with the signatures so far.
pub(crate) async fn amendment(Path(id): Path<String>, visitor: Visitor) -> Response {
    download(
        visitor,
        ("amendments", &id),
        |mut client, name| async move {
            let request = GetAmendmentPdfRequest {
                name,
                ..Default::default()
            };
            client.get_amendment_pdf(within(request)).await
        },
    )
    .await
}

/// `/procedures/{id}/mise-en-demeure.pdf`: as it was sent.
pub(crate) async fn formal_notice(Path(id): Path<String>, visitor: Visitor) -> Response {
    download(
        visitor,
        ("procedures", &id),
        |mut client, name| async move {
            let request = GetFormalNoticePdfRequest { name };
            client.get_formal_notice_pdf(within(request)).await
        },
    )
    .await
}

/// `/procedures/{id}/decision.pdf`: as it was taken.
pub(crate) async fn decision(Path(id): Path<String>, visitor: Visitor) -> Response {
    download(
        visitor,
        ("procedures", &id),
        |mut client, name| async move {
            let request = GetDecisionPdfRequest { name };
            client.get_decision_pdf(within(request)).await
        },
    )
    .await
}
