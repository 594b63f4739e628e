//! A new draft.

use askama::Template;
use axum::response::Response;

use super::{Attempt, acted, html_after, id_of, made, regions_of};
use crate::{
    Failure,
    acts::{Acts, FieldKind, Shown, contract as contract_acts},
    form::Form,
    frame::{Frame, Section},
    services::within,
    visitor::{Posted, Visitor},
};

#[derive(Template)]
#[template(path = "contract_new.html")]
struct NewPage {
    frame: Frame,
    acts: Acts,
}

/// `GET /contrats/nouveau`.
pub(crate) async fn new(visitor: Visitor) -> Response {
    visitor.answer(new_page(&visitor, None)).await
}

/// `POST /contrats/nouveau`.
pub(crate) async fn create(posted: Posted) -> Response {
    let Posted { visitor, form } = posted;
    visitor.answer(created(&visitor, form).await).await
}

async fn created(visitor: &Visitor, form: Form) -> Result<Response, Failure> {
    if let Some(attempt) = Attempt::resumed("CreateContract", &form) {
        return new_page(visitor, Some(&attempt));
    }
    let sent = async {
        let request = contract_acts::create(&form)?;
        let mut client = visitor.services.contracts();
        client.create_contract(within(request)).await
    };
    let sent = sent.await;
    let sent = sent.map(|contract| id_of(&contract.into_inner().name).to_owned());
    let (sent, page) = made(sent, "/contrats");
    acted(visitor, sent, &page, "CreateContract", form)
        .await?
        .or_show(|attempt| async move { new_page(visitor, Some(&attempt)) })
        .await
}

fn new_page(visitor: &Visitor, attempt: Option<&Attempt>) -> Result<Response, Failure> {
    let form = contract_acts::new_contract(regions_of(visitor));
    let page = NewPage {
        frame: visitor
            .frame("Nouveau contrat", Section::Contracts)
            .under("Contrats", "/contrats"),
        acts: Acts::one(form, attempt.map_or(Shown::Fresh, Shown::Refused)),
    };
    html_after(&page, attempt)
}
