//! Every address of the portal.

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};

use crate::{
    assets, compression,
    identity::RETURN_PATH,
    pages::{
        campaigns, comparison, contract, contracts, error, findings, history, indicators, public,
        registry, review, reviews, sign_in, versions, work,
    },
    portal::Portal,
    security,
};

/// The pages, behind what every answer and every form is asked.
pub(crate) fn router(portal: Portal) -> Router {
    Router::new()
        .merge(public_pages())
        .merge(private_pages())
        .merge(assets::routes())
        .fallback(error::not_found)
        .layer(from_fn(compression::compress))
        .layer(from_fn_with_state(portal.clone(), security::guard))
        .with_state(portal)
}

fn public_pages() -> Router<Portal> {
    Router::new()
        .route("/", get(public::home))
        .route("/controle-explique", get(public::control))
        .route("/accessibilite", get(public::accessibility))
        .route("/donnees-personnelles", get(public::personal_data))
        .route("/mentions-legales", get(public::legal))
        .route("/aide", get(public::help))
        .route("/connexion", get(sign_in::sign_in))
        .route(RETURN_PATH, get(sign_in::come_back))
        .route("/affichage/{scheme}", get(sign_in::scheme))
}

fn private_pages() -> Router<Portal> {
    Router::new()
        .route("/deconnexion", post(sign_in::sign_out))
        .route("/reprise/{id}", get(sign_in::resume))
        .route("/travail", get(work::page))
        .route("/contrats", get(contracts::list))
        .route("/contrats/comparaison", get(comparison::page))
        .route("/contrats/suggestions", get(contracts::suggestions))
        .route(
            "/contrats/nouveau",
            get(contracts::new).post(contracts::create),
        )
        .route("/contrats/{id}", get(contract::page))
        .route("/contrats/{id}/versions", get(versions::page))
        .route("/contrats/{id}/document", get(contract::document))
        .route("/contrats/{id}/actes/{method}", post(contract::act))
        .route(
            "/contrats/{id}/objectifs/accord",
            post(contract::agree_targets),
        )
        .route("/revues", get(reviews::list))
        .route("/revues/{id}", get(review::page))
        .route("/revues/{id}/actes/{method}", post(review::act))
        .route("/campagnes", get(campaigns::list).post(campaigns::create))
        .route("/campagnes/{id}", get(campaigns::page))
        .route("/campagnes/{id}/actes/{method}", post(campaigns::act))
        .route("/constats", get(findings::list))
        .route("/constats/{id}", get(findings::page))
        .route("/constats/{id}/actes/{method}", post(findings::act))
        .route("/indicateurs", get(indicators::page))
        .route("/indicateurs/modele", get(indicators::template))
        .route("/indicateurs/envoi", post(indicators::upload))
        .route("/indicateurs/confirmation", post(indicators::confirm))
        .route("/etablissements", get(registry::list))
        .route("/historique", get(history::page))
}
