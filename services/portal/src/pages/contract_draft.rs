//! A new draft.

use askama::Template;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::{Acted, Attempt, acted, html, html_refused, id_of, regions_of};
use crate::{
    Failure,
    acts::{ActForm, Acts, FieldKind, Refusal, contract as contract_acts},
    form::Form,
    frame::{Frame, Section},
    services::{Service, within},
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
    let sent = match contract_acts::create(&form) {
        Ok(request) => {
            let mut client = visitor.services.contracts();
            client.create_contract(within(request)).await
        }
        Err(refused) => Err(refused),
    };
    let sent = match sent {
        Ok(contract) => {
            let id = id_of(&contract.into_inner().name).to_owned();
            return Ok(Redirect::to(&format!("/contrats/{id}?fait=CreateContract")).into_response());
        }
        Err(status) => Err(status),
    };
    let place = (Service::Contracts, "");
    match acted(visitor, sent, "/contrats", "CreateContract", form, place).await? {
        Acted::Back(response) => Ok(response),
        Acted::Again(attempt) => new_page(visitor, Some(&attempt)),
    }
}

fn new_page(visitor: &Visitor, attempt: Option<&Attempt>) -> Result<Response, Failure> {
    let form: ActForm = contract_acts::new_contract(regions_of(visitor));
    let mut acts = Acts::default();
    acts.open(form);
    if let Some(attempt) = attempt {
        let fallback = contract_acts::new_contract(regions_of(visitor));
        acts.refuse(fallback, &Refusal::of(attempt));
    }
    let page = NewPage {
        frame: visitor
            .frame("Nouveau contrat", Section::Contracts)
            .under("Contrats", "/contrats"),
        acts,
    };
    match attempt {
        Some(attempt) => html_refused(&page, attempt),
        None => html(&page),
    }
}
