//! The registry: legal entities and establishments in sight.

pub(crate) mod compared;
pub(crate) mod establishment;
pub(crate) mod finances;

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::response::Response;
use proto::establishments::v1::{Establishment, ListEstablishmentsRequest, RegistryState};

use crate::{
    Failure,
    form::{Form, address},
    frame::{Frame, Section},
    pages::{
        Exports,
        contracts::{counted_as, titles_of},
        html, id_of, region_name,
    },
    services::{every_line, within},
    table::{Cell, Export, Table},
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
    next: Option<String>,
    first: Option<String>,
}

/// Where it is.
const PATH: &str = "/etablissements";
/// Establishments on one page.
const PAGE: i32 = 100;
/// Establishments in one exported file at most: all there are in France.
const MOST_EXPORTED: usize = 100_000;

/// `/etablissements`.
pub(crate) async fn list(visitor: Visitor) -> Response {
    visitor.answer(list_page(&visitor).await).await
}

async fn list_page(visitor: &Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let services = &visitor.services;
    let mut request = ListEstablishmentsRequest {
        query: query.text("q").chars().take(200).collect(),
        ..Default::default()
    };
    if let Some(export) = Export::asked(query.text("format")) {
        let sites = every_line!(
            services.registry(),
            list_establishments,
            request,
            establishments,
            MOST_EXPORTED
        )?;
        let titles = titles_of(services, owners(&sites)).await;
        return table(&sites, &titles).export(export);
    }
    request.page_size = PAGE;
    query.text("suite").clone_into(&mut request.page_token);
    let mut registry = services.registry();
    let page = registry.list_establishments(within(request)).await?;
    let page = page.into_inner();
    let titles = titles_of(services, owners(&page.establishments)).await;
    let is_first = query.text("suite").is_empty();
    let is_whole = is_first && page.next_page_token.is_empty();
    let kept = query.encoded_without(&["suite", "format"]);
    html(&Page {
        frame: visitor.frame("Établissements", Section::Registry),
        count: counted_as(
            page.establishments.len(),
            ("établissement", "établissements"),
            is_whole,
        ),
        exports: Exports::of(PATH, &query),
        table: table(&page.establishments, &titles),
        next: (!page.next_page_token.is_empty()).then(|| {
            let mut with = form_urlencoded::Serializer::new(kept.clone());
            with.append_pair("suite", &page.next_page_token);
            address(PATH, &with.finish())
        }),
        first: (!is_first).then(|| address(PATH, &kept)),
        query,
    })
}

/// The legal entities of some sites.
fn owners(sites: &[Establishment]) -> BTreeSet<String> {
    sites.iter().map(|site| site.legal_entity.clone()).collect()
}

fn table(sites: &[Establishment], titles: &BTreeMap<String, String>) -> Table {
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
            Cell::link(format!("{PATH}/{}", site.finess), site.finess.as_str()),
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
