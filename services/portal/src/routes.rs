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
        amendment, comparison, consolidated, contract, contract_draft, contracts,
        controls::{campaigns, findings, mission, missions, policies},
        deadlines, error, follow_up, history, indicators, mandates, means, pdf, perimeter, pieces,
        procedures::{procedure, review, reviews},
        programming, proof,
        public::{self, contracts as public_contracts, published},
        reads, region,
        registry::{self, compared as establishments_compared, establishment},
        reminders, saved_exports, saved_lists, sign_in, submissions, tariffs, tasks, territory,
        versions, work,
    },
    portal::Portal,
    security,
};

/// The pages, behind what every answer and every form is asked.
pub(crate) fn router(portal: Portal) -> Router {
    Router::new()
        .merge(public_pages())
        .merge(private_pages())
        .merge(territory_pages())
        .merge(region_pages())
        .merge(tariff_pages())
        .merge(follow_up_pages())
        .merge(upkeep_pages())
        .merge(assets::routes())
        .fallback(error::not_found)
        .method_not_allowed_fallback(error::not_a_page)
        .layer(from_fn(compression::compress))
        .layer(from_fn_with_state(portal.clone(), security::guard))
        .with_state(portal)
}

fn public_pages() -> Router<Portal> {
    Router::new()
        .route("/", get(public::home))
        .route("/controle-explique", get(public::control))
        .route("/contrats-en-vigueur", get(public_contracts::list))
        .route("/contrats-en-vigueur/{id}", get(public_contracts::page))
        .route("/contrats-en-vigueur/{id}/contrat.pdf", get(pdf::published))
        .route("/taux", get(published::list))
        .route("/taux/{series}", get(published::series))
        .route("/taux/{series}/{version}", get(published::version))
        .route(
            "/taux/{series}/{version}/fichier/{format}",
            get(published::download),
        )
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
        .route(sign_in::OUT_PATH, post(sign_in::sign_out))
        .route("/reprise/{id}", get(sign_in::resume))
        .route("/travail", get(work::page))
        .route("/contrats", get(contracts::list))
        .route("/contrats/comparaison", get(comparison::page))
        .route("/contrats/suggestions", get(contracts::suggestions))
        .route(
            "/contrats/nouveau",
            get(contract_draft::new).post(contract_draft::create),
        )
        .route("/contrats/listes", post(saved_lists::keep))
        .route("/contrats/listes/{id}/retrait", post(saved_lists::remove))
        .route("/contrats/{id}", get(contract::page))
        .route("/contrats/{id}/versions", get(versions::page))
        .route(
            "/contrats/{id}/versions/{number}/projet.pdf",
            get(pdf::draft),
        )
        .route("/contrats/{id}/carte", get(perimeter::page))
        .route("/contrats/{id}/moyens", get(means::page))
        .route("/contrats/{id}/moyens/actes/{method}", means::ACTS.posted())
        .route("/contrats/{id}/document", get(contract::document))
        .route("/contrats/{id}/contrat.pdf", get(pdf::contract))
        .route("/contrats/{id}/consolide.pdf", get(pdf::consolidated))
        .route(
            "/contrats/{id}/objectifs/{method}",
            contract::TARGETS.posted(),
        )
        .route("/contrats/{id}/actes/{method}", contract::ACTS.posted())
        .route(
            "/contrats/{id}/objectifs/accord",
            post(contract::agree_targets),
        )
        .route("/programmations", get(programming::list))
        .route(
            "/programmations/actes/{method}",
            programming::ON_LIST.posted(),
        )
        .route("/programmations/{id}", get(programming::page))
        .route(
            "/programmations/{id}/actes/{method}",
            programming::ACTS.posted(),
        )
        .route("/revues", get(reviews::list))
        .route("/revues/{id}", get(review::page))
        .route("/revues/{id}/actes/{method}", review::ACTS.posted())
        .route("/revues/{id}/pieces/{sha256}", get(pieces::of_review))
        .route("/campagnes", get(campaigns::list))
        .route("/campagnes/actes/{method}", campaigns::ON_LIST.posted())
        .route("/campagnes/{id}", get(campaigns::page))
        .route("/campagnes/{id}/actes/{method}", campaigns::ACTS.posted())
        .route("/constats", get(findings::list))
        .route("/constats/{id}", get(findings::page))
        .route("/constats/{id}/actes/{method}", findings::ACTS.posted())
        .route("/indicateurs", get(indicators::page))
        .route("/indicateurs/modele", get(indicators::template))
        .route("/indicateurs/envoi", post(indicators::upload))
        .route("/indicateurs/confirmation", post(indicators::confirm))
        .route("/indicateurs/envois", get(submissions::list))
        .route("/indicateurs/envois/{id}", get(submissions::page))
        .route("/etablissements", get(registry::list))
        .route(
            "/etablissements/comparaison",
            get(establishments_compared::page),
        )
        .route("/etablissements/{finess}", get(establishment::page))
        .route("/historique", get(history::page))
}

fn territory_pages() -> Router<Portal> {
    Router::new()
        .route("/territoires", get(territory::page))
        .route("/territoires/cascade", get(territory::cascade::page))
        .route("/territoires/cadres", get(territory::frameworks::page))
        .route(
            "/territoires/cadres/actes/{method}",
            post(territory::frameworks::act),
        )
        .route("/territoires/activite", get(territory::activity::page))
        .route(
            "/territoires/activite/actes/{method}",
            territory::activity::ACTS.posted(),
        )
        .route("/territoires/flux", get(territory::flows::page))
        .route("/territoires/besoins", get(territory::needs::page))
        .route("/territoires/dialogues", get(territory::dialogues::list))
        .route(
            "/territoires/dialogues/{id}",
            get(territory::dialogues::page),
        )
        .route(
            "/territoires/dialogues/actes/{method}",
            territory::dialogue_acts::ON_LIST.posted(),
        )
        .route(
            "/territoires/dialogues/{id}/actes/{method}",
            post(territory::dialogue_acts::act),
        )
        .route("/inflexions/{id}", get(territory::inflection::page))
        .route(
            "/inflexions/{id}/actes/{method}",
            territory::inflection::ACTS.posted(),
        )
}

fn region_pages() -> Router<Portal> {
    Router::new()
        .route("/territoires/schema", get(region::schemes::page))
        .route(
            "/territoires/schema/nouveau",
            get(region::scheme_draft::new).post(region::scheme_draft::create),
        )
        .route(
            "/territoires/schema/axes",
            get(region::scheme_draft::axes).post(region::scheme_draft::record_axes),
        )
        .route("/territoires/schema/{id}", get(region::scheme::page))
        .route(
            "/territoires/schema/{id}/modification",
            get(region::scheme_draft::edit).post(region::scheme_draft::replace),
        )
        .route(
            "/territoires/schema/{id}/actes/{method}",
            region::scheme::ACTS.posted(),
        )
        .route("/territoires/credits", get(region::credits::list))
        .route(
            "/territoires/credits/actes/{method}",
            region::credits::ON_LIST.posted(),
        )
        .route("/territoires/credits/{id}", get(region::credits::page))
        .route(
            "/territoires/credits/{id}/actes/{method}",
            region::credits::ACTS.posted(),
        )
        .route("/territoires/cooperations", get(region::cooperations::list))
        .route(
            "/territoires/cooperations/actes/{method}",
            region::cooperations::ON_LIST.posted(),
        )
        .route(
            "/territoires/cooperations/{id}",
            get(region::cooperations::page),
        )
        .route(
            "/territoires/cooperations/{id}/actes/{method}",
            region::cooperations::ACTS.posted(),
        )
        .route("/territoires/appels-a-projet", get(region::calls::list))
        .route(
            "/territoires/appels-a-projet/actes/{method}",
            region::calls::ON_LIST.posted(),
        )
        .route(
            "/territoires/appels-a-projet/{id}",
            get(region::calls::page),
        )
        .route(
            "/territoires/appels-a-projet/{id}/actes/{method}",
            region::calls::ACTS.posted(),
        )
        .route(
            "/territoires/places",
            get(region::capacities::page).post(region::capacities::record),
        )
        .route("/territoires/attente", get(region::waiting::list))
        .route(
            "/territoires/attente/actes/{method}",
            region::waiting::ON_LIST.posted(),
        )
}

fn tariff_pages() -> Router<Portal> {
    Router::new()
        .route("/territoires/tarifs", get(tariffs::points::list))
        .route(
            "/territoires/tarifs/actes/{method}",
            tariffs::points::ON_LIST.posted(),
        )
        .route("/territoires/comparaison", get(region::peers::page))
        .route(
            "/etablissements/{finess}/finances",
            get(registry::finances::page),
        )
        .route("/etablissements/{finess}/tarifs", get(tariffs::page))
        .route(
            "/etablissements/{finess}/tarifs/actes/{method}",
            tariffs::ACTS.posted(),
        )
        .route(
            "/etablissements/{finess}/tarifs/equation",
            get(tariffs::equation::page),
        )
        .route(
            "/etablissements/{finess}/tarifs/clause",
            get(tariffs::clause::page),
        )
        .route(
            "/etablissements/{finess}/tarifs/modulation",
            get(tariffs::modulation::page),
        )
        .route(
            "/etablissements/{finess}/tarifs/modulation/actes/{method}",
            tariffs::modulation::ACTS.posted(),
        )
}

fn upkeep_pages() -> Router<Portal> {
    Router::new()
        .route("/mandats", get(mandates::list))
        .route("/mandats/actes/{method}", mandates::ON_LIST.posted())
        .route("/taches", get(tasks::list))
        .route("/taches/actes/{method}", tasks::ON_LIST.posted())
        .route("/tolerances", get(policies::list))
        .route("/tolerances/actes/{method}", policies::ON_LIST.posted())
        .route("/tolerances/{id}", get(policies::page))
        .route("/tolerances/{id}/actes/{method}", policies::ACTS.posted())
        .route("/missions", get(missions::list))
        .route("/missions/actes/{method}", missions::ON_LIST.posted())
        .route("/missions/{id}", get(mission::page))
        .route("/missions/{id}/actes/{method}", mission::ACTS.posted())
        .route("/missions/{id}/pieces/{piece}", get(mission::piece))
        .route("/contrats/{id}/suivi", get(follow_up::page))
        .route("/contrats/{id}/pieces/{sha256}", get(pieces::of_contract))
        .route(
            "/contrats/{id}/suivi/actes/{method}",
            follow_up::PLANS.posted(),
        )
        .route("/evaluations/{id}", get(follow_up::evaluation))
        .route(
            "/evaluations/{id}/actes/{method}",
            follow_up::ON_EVALUATION.posted(),
        )
        .route("/reunions/{id}", get(follow_up::meeting))
        .route(
            "/reunions/{id}/actes/{method}",
            follow_up::ON_MEETING.posted(),
        )
}

fn follow_up_pages() -> Router<Portal> {
    Router::new()
        .route("/historique/lectures", get(reads::page))
        .route("/historique/exports", get(saved_exports::list))
        .route(
            "/historique/exports/actes/{method}",
            saved_exports::ON_LIST.posted(),
        )
        .route(
            "/historique/exports/{service}/{id}",
            get(saved_exports::download),
        )
        .route("/historique/verifier.py", get(proof::verifier))
        .route("/historique/{service}/{event}/preuve", get(proof::page))
        .route(
            "/historique/{service}/{event}/preuve/{file}",
            get(proof::file),
        )
        .route("/echeances", get(deadlines::page))
        .route("/echeances/calendrier", get(deadlines::calendar))
        .route("/echeances/rappels", get(reminders::page))
        .route(
            "/echeances/rappels/actes/{method}",
            reminders::ACTS.posted(),
        )
        .route("/contrats/{id}/consolide", get(consolidated::page))
        .route(
            "/contrats/{id}/versions/actes/{method}",
            versions::ACTS.posted(),
        )
        .route(
            "/contrats/{id}/avenants/nouveau",
            get(amendment::new).post(amendment::create),
        )
        .route("/avenants/{id}", get(amendment::page))
        .route("/avenants/{id}/document", get(amendment::document))
        .route("/avenants/{id}/avenant.pdf", get(pdf::amendment))
        .route("/avenants/{id}/actes/{method}", post(amendment::act))
        .route("/avenants/{id}/pieces/{sha256}", get(pieces::of_amendment))
        .route("/procedures/{id}", get(procedure::page))
        .route(
            "/procedures/{id}/mise-en-demeure.pdf",
            get(pdf::formal_notice),
        )
        .route("/procedures/{id}/decision.pdf", get(pdf::decision))
        .route("/procedures/{id}/actes/{method}", procedure::ACTS.posted())
        .route(
            "/procedures/{id}/pieces/{sha256}",
            get(pieces::of_procedure),
        )
}
