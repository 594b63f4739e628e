//! Pages that say what went wrong.

use askama::Template;
use axum::{
    http::{Method, StatusCode},
    response::{Html, IntoResponse as _, Redirect, Response},
};
use tonic::Code;

use crate::{
    Failure,
    failure::explain,
    frame::{Frame, Section},
    portal::Portal,
    text::typography::french,
    visitor::{Anybody, page_of_form},
};

#[derive(Template)]
#[template(path = "error.html")]
struct Page {
    frame: Frame,
    title: &'static str,
    sentence: String,
    details: Vec<String>,
    reason: String,
}

/// A page for what went wrong.
pub(crate) fn page(mut frame: Frame, failure: &Failure) -> Response {
    let (code, title, sentence) = told(failure);
    let (mut details, mut reason) = (Vec::new(), String::new());
    if let Failure::Service(status) = failure {
        let explained = explain(status);
        details = explained.details;
        details.extend(
            explained
                .fields
                .into_iter()
                .map(|(field, why)| format!("{field} : {why}")),
        );
        reason = explained.reason;
    }
    if code.is_server_error() {
        tracing::error!(failure = ?failure, "a page failed");
    }
    title.clone_into(&mut frame.title);
    let page = Page {
        frame,
        title,
        sentence,
        details,
        reason,
    };
    match page.render() {
        Ok(text) => (code, Html(french(&text))).into_response(),
        Err(error) => {
            tracing::error!(%error, "the page of an error cannot be rendered");
            (code, "Une erreur s’est produite.\n").into_response()
        }
    }
}

/// Where not even the session could be read.
pub(crate) fn bare(_portal: &Portal, failure: &Failure) -> Response {
    tracing::error!(?failure, "the session cannot be read");
    (
        StatusCode::SERVICE_UNAVAILABLE,
        "Le portail ne peut pas lire votre session pour le moment. Rien n’est perdu : réessayez dans un instant.\n",
    )
        .into_response()
}

/// An address that leads nowhere.
pub(crate) async fn not_found(anybody: Anybody) -> Response {
    page(
        anybody.frame("Page introuvable", Section::None),
        &Failure::NotFound,
    )
}

/// An address that forms are sent to, and that somebody asks for: back to the page of the form.
pub(crate) async fn not_a_page(anybody: Anybody, method: Method) -> Response {
    match page_of_form(anybody.uri.path()) {
        Some(page) if method == Method::GET => Redirect::to(page).into_response(),
        _ => {
            let frame = anybody.frame("Page introuvable", Section::None);
            let mut answer = page(frame, &Failure::NotFound);
            *answer.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
            answer
        }
    }
}

fn told(failure: &Failure) -> (StatusCode, &'static str, String) {
    match failure {
        Failure::NotFound => (
            StatusCode::NOT_FOUND,
            "Page introuvable",
            "Cette page n’existe pas, ou elle n’est pas dans votre périmètre. Vérifiez l’adresse, ou repartez de l’accueil.".to_owned(),
        ),
        Failure::SignedOut => (
            StatusCode::UNAUTHORIZED,
            "Session terminée",
            "Votre session a pris fin. Reconnectez-vous pour continuer.".to_owned(),
        ),
        Failure::Form(why) => (
            StatusCode::BAD_REQUEST,
            "Formulaire refusé",
            format!("Cette page ne peut pas être envoyée : {why}. Revenez en arrière, rechargez la page et recommencez."),
        ),
        Failure::TooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "Envoi trop volumineux",
            "Ce que vous avez envoyé dépasse la taille acceptée. Découpez-le et recommencez.".to_owned(),
        ),
        Failure::Service(status) => {
            let code = match status.code() {
                Code::PermissionDenied => StatusCode::FORBIDDEN,
                Code::InvalidArgument | Code::OutOfRange => StatusCode::BAD_REQUEST,
                Code::FailedPrecondition | Code::Aborted | Code::AlreadyExists => StatusCode::CONFLICT,
                Code::Unavailable | Code::ResourceExhausted | Code::DeadlineExceeded => {
                    StatusCode::SERVICE_UNAVAILABLE
                }
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            };
            let title = match code {
                StatusCode::FORBIDDEN => "Accès réservé",
                StatusCode::SERVICE_UNAVAILABLE => "Service momentanément indisponible",
                StatusCode::INTERNAL_SERVER_ERROR => "Erreur",
                _ => "Demande refusée",
            };
            (code, title, explain(status).sentence)
        }
        Failure::Internal(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "Erreur",
            "Une erreur s’est produite de notre côté. Elle est consignée ; réessayez, et signalez-la si elle persiste.".to_owned(),
        ),
    }
}
