//! Pages for anybody: what the portal is, how control works, and what the law asks a site to say.

pub(crate) mod contracts;
pub(crate) mod published;
mod published_figures;

use askama::Template;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::{
    frame::{Frame, Section},
    pages::{error, html},
    visitor::Anybody,
};

/// A page that says the same to everybody.
macro_rules! page_of_text {
    ($(#[$meta:meta])* $handler:ident, $page:ident, $template:literal, $title:literal, $section:expr) => {
        #[derive(Template)]
        #[template(path = $template)]
        struct $page {
            frame: Frame,
        }

        $(#[$meta])*
        pub(crate) async fn $handler(anybody: Anybody) -> Response {
            let page = $page {
                frame: anybody.frame($title, $section),
            };
            html(&page).unwrap_or_else(|failure| {
                error::page(anybody.frame("Erreur", Section::None), &failure)
            })
        }
    };
}

page_of_text!(
    /// `/controle-explique`.
    control, ControlPage, "public_control.html", "Comment le contrôle fonctionne", Section::Control
);
page_of_text!(
    /// `/accessibilite`.
    accessibility, AccessibilityPage, "public_accessibility.html", "Déclaration d’accessibilité", Section::None
);
page_of_text!(
    /// `/donnees-personnelles`.
    personal_data, PersonalDataPage, "public_personal_data.html", "Données personnelles", Section::None
);
page_of_text!(
    /// `/mentions-legales`.
    legal, LegalPage, "public_legal.html", "Mentions légales", Section::None
);
page_of_text!(
    /// `/aide`.
    help, HelpPage, "help.html", "Aide", Section::Help
);
page_of_text!(welcome, HomePage, "home.html", "Accueil", Section::None);

/// `/`: the work of who is signed in, an explanation for the others.
pub(crate) async fn home(anybody: Anybody) -> Response {
    if anybody.session.is_some() {
        return Redirect::to("/travail").into_response();
    }
    welcome(anybody).await
}
