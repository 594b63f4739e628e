//! The perimeter of a contract on a map: its sites where the registry places them.

use askama::Template;
use axum::{extract::Path, response::Response};
use futures::{StreamExt as _, stream};
use kernel::Decimal;
use proto::establishments::v1::{Establishment, GetEstablishmentRequest};

use super::{
    Exports, contract,
    establishment::{self, category, commune},
    html, id_of,
};
use crate::{
    Failure,
    frame::{Frame, Section},
    picture::{Site, map},
    services::{Services, within},
    table::{Cell, Export, Table},
    text::counted,
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "perimeter.html")]
struct Page {
    frame: Frame,
    picture: Option<String>,
    count: String,
    table: Table,
    exports: Exports,
    /// Sites without a place, with where they are said to be.
    unplaced: Vec<(String, String, String)>,
    left_out: usize,
}

/// Sites that are asked for one by one.
const MOST: usize = 500;
const AT_ONCE: usize = 12;

/// `/contrats/{id}/carte`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor.answer(perimeter_page(&visitor, &id).await).await
}

async fn perimeter_page(visitor: &Visitor, id: &str) -> Result<Response, Failure> {
    let contract = contract::read(&visitor.services, id).await?;
    let named = contract.text.unwrap_or_default().establishments;
    let sites = sites(&visitor.services, &named).await;
    let (placed, unplaced): (Vec<_>, Vec<_>) = sites
        .iter()
        .map(|site| (site, place(site)))
        .partition(|(_, place)| place.is_some());
    let query = visitor.query();
    let path = format!("/contrats/{id}/carte");
    let drawn: Vec<Site> = placed
        .iter()
        .filter_map(|(_, place)| place.clone())
        .collect();
    let table = table(&sites);
    if let Some(export) = Export::asked(query.text("format")) {
        return table.export(export);
    }
    let title = format!("Sites du contrat {}", contract.number);
    html(&Page {
        frame: visitor
            .frame("Périmètre sur la carte", Section::Contracts)
            .under("Contrats", "/contrats")
            .under(&contract.number, &format!("/contrats/{id}")),
        picture: (!drawn.is_empty()).then(|| map("carte", &title, &drawn)),
        count: counted(
            i64::try_from(named.len()).unwrap_or(0),
            "établissement couvert",
            "établissements couverts",
        ),
        exports: Exports::of(&path, &query),
        table,
        unplaced: unplaced
            .into_iter()
            .map(|(site, _)| {
                let path = format!("{}/{}", establishment::PATH, site.finess);
                (path, site.title.clone(), commune(site))
            })
            .collect(),
        left_out: named.len().saturating_sub(sites.len()),
    })
}

/// The sites of a contract as the registry knows them, those that have a place first, in the order of the contract.
async fn sites(services: &Services, named: &[String]) -> Vec<Establishment> {
    let asked = named.iter().take(MOST).cloned();
    let mut sites: Vec<Establishment> = stream::iter(asked)
        .map(|name| async move {
            let request = GetEstablishmentRequest { name };
            let answer = services.registry().get_establishment(within(request)).await;
            Some(answer.ok()?.into_inner())
        })
        .buffered(AT_ONCE)
        .filter_map(std::future::ready)
        .collect()
        .await;
    sites.sort_by_key(|site| place(site).is_none());
    sites
}

fn place(site: &Establishment) -> Option<Site> {
    let degrees = |text: &str| text.parse::<Decimal>().ok();
    Some(Site {
        title: format!("{}, {}", site.title, site.commune),
        latitude: degrees(&site.latitude)?,
        longitude: degrees(&site.longitude)?,
    })
}

/// The same sites, by the numbers of the map.
fn table(sites: &[Establishment]) -> Table {
    let mut table = Table::new(
        "perimetre",
        "Sites du contrat",
        &[
            "Numéro#",
            "Établissement",
            "FINESS",
            "Commune",
            "Catégorie",
            "Latitude (°)#",
            "Longitude (°)#",
        ],
    );
    let degrees = |text: &str| match text {
        "" => Cell::Empty,
        text => Cell::number(text),
    };
    for (rank, site) in (1..).zip(sites) {
        let is_placed = place(site).is_some();
        table.push(vec![
            if is_placed {
                Cell::count(rank)
            } else {
                Cell::Empty
            },
            Cell::text(site.title.as_str()),
            Cell::link(
                format!("{}/{}", establishment::PATH, id_of(&site.name)),
                site.finess.as_str(),
            ),
            Cell::text(commune(site)),
            Cell::text(category(site)),
            degrees(&site.latitude),
            degrees(&site.longitude),
        ]);
    }
    table
}
