//! The registry: legal entities and establishments in sight.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use proto::establishments::v1::{
    Establishment, ListEstablishmentsRequest, ListLegalEntitiesRequest, RegistryState,
};

use super::{Exports, html, id_of, region_name};
use crate::{
    Failure,
    form::Form,
    frame::{Frame, Section},
    services::every,
    table::{Cell, Export, Table},
    text,
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "registry.html")]
struct Page {
    frame: Frame,
    query: Form,
    table: Table,
    exports: Exports,
    count: String,
    is_cut: bool,
}

const MOST: usize = 5_000;

/// `/etablissements`.
pub(crate) async fn list(visitor: Visitor) -> Response {
    match list_page(&visitor).await {
        Ok(response) => response,
        Err(failure) => visitor.failed(failure).await,
    }
}

async fn list_page(visitor: &Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let services = &visitor.services;
    let entities = async {
        Ok::<_, Failure>(every!(
            services.registry(),
            list_legal_entities,
            ListLegalEntitiesRequest::default(),
            legal_entities,
            MOST
        )?)
    };
    let sites = async {
        Ok::<_, Failure>(every!(
            services.registry(),
            list_establishments,
            ListEstablishmentsRequest::default(),
            establishments,
            MOST
        )?)
    };
    let ((entities, _), (sites, is_cut)) = tokio::try_join!(entities, sites)?;
    let titles: BTreeMap<String, String> = entities
        .into_iter()
        .map(|entity| (entity.name, entity.title))
        .collect();
    let words = query.text("q").to_lowercase();
    let found: Vec<&Establishment> = sites
        .iter()
        .filter(|site| matches(site, &titles, &words))
        .collect();
    let table = table(&found, &titles);
    if let Some(export) = Export::asked(query.text("format")) {
        return table.export(export);
    }
    html(&Page {
        frame: visitor.frame("Établissements", Section::Registry),
        count: text::counted(
            i64::try_from(found.len()).unwrap_or(0),
            "établissement",
            "établissements",
        ),
        exports: Exports::of("/etablissements", &query),
        query,
        table,
        is_cut,
    })
}

fn matches(site: &Establishment, titles: &BTreeMap<String, String>, words: &str) -> bool {
    let entity = titles.get(&site.legal_entity).map_or("", String::as_str);
    let text = [
        site.finess.as_str(),
        &site.title,
        &site.commune,
        &site.commune_code,
        id_of(&site.legal_entity),
        entity,
    ]
    .join(" ")
    .to_lowercase();
    words.split_whitespace().all(|word| text.contains(word))
}

fn table(sites: &[&Establishment], titles: &BTreeMap<String, String>) -> Table {
    let mut table = Table::new(
        "etablissements",
        "Établissements",
        &[
            "FINESS",
            "Établissement",
            "Entité juridique",
            "Contrats",
            "Commune",
            "Département",
            "Catégorie",
            "Région",
            "État",
        ],
    );
    for site in sites {
        let entity = id_of(&site.legal_entity);
        let title = titles.get(&site.legal_entity);
        table.push(vec![
            Cell::text(site.finess.as_str()),
            Cell::text(site.title.as_str()),
            Cell::text(title.map_or_else(|| entity.to_owned(), |t| format!("{t} ({entity})"))),
            Cell::link(format!("/contrats?entite={entity}"), "voir les contrats"),
            Cell::text(site.commune.as_str()),
            Cell::text(site.department.as_str()),
            Cell::text(if site.category_title.is_empty() {
                site.category.as_str()
            } else {
                site.category_title.as_str()
            }),
            Cell::text(region_name(&site.region)),
            Cell::text(match site.state() {
                RegistryState::Closed => "fermé",
                _ => "ouvert",
            }),
        ]);
    }
    table
}
