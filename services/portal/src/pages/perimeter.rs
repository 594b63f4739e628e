//! The perimeter of a contract on a map: its sites where the registry places them, over the borders of their region.

use askama::Template;
use axum::{extract::Path, response::Response};
use futures::{StreamExt as _, stream};
use kernel::Decimal;
use proto::{
    establishments::v1::{Establishment, GetEstablishmentRequest},
    targets::v1::{TerritoryKind, TerritoryVersion},
};

use super::{
    Exports, contract,
    ground::{self, Ground},
    html, id_of,
    registry::establishment::{self, category, commune},
    territory,
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
    /// Where the borders under the sites come from.
    ground: Option<String>,
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
    let ground = under(visitor, &contract.region).await;
    let lands = ground.as_ref().map(Ground::lands).unwrap_or_default();
    html(&Page {
        frame: visitor
            .frame("Périmètre sur la carte", Section::Contracts)
            .under("Contrats", "/contrats")
            .under(&contract.number, &format!("/contrats/{id}")),
        picture: (!drawn.is_empty()).then(|| map("carte", &title, &drawn, &lands)),
        ground: ground.map(|ground| ground.source),
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

/// The borders under the sites of a region: those of its départements, else of other territories that have outlines.
/// Who may not read territories sees none.
async fn under(visitor: &Visitor, region: &str) -> Option<Ground> {
    let versions = territory::versions(&visitor.services, region).await.ok()?;
    let version = best(&versions)?;
    ground::of(&visitor.portal.channels, &version.name, &[]).await
}

fn best(versions: &[TerritoryVersion]) -> Option<&TerritoryVersion> {
    let drawn = versions.iter().filter(|version| version.outlines > 0);
    drawn.max_by_key(|version| {
        let is_department = version.kind() == TerritoryKind::Department;
        (is_department, version.valid_from.clone())
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
    for (rank, site) in (1..).zip(sites) {
        let is_placed = place(site).is_some();
        table.push(vec![
            Cell::when(is_placed, || Cell::count(rank)),
            Cell::text(site.title.as_str()),
            Cell::link(
                format!("{}/{}", establishment::PATH, id_of(&site.name)),
                site.finess.as_str(),
            ),
            Cell::text(commune(site)),
            Cell::text(category(site)),
            Cell::if_any(&site.latitude, Cell::number),
            Cell::if_any(&site.longitude, Cell::number),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders_are_those_of_departments_where_they_are_known() {
        let version = |name: &str, kind: TerritoryKind, from: &str, outlines| TerritoryVersion {
            name: name.to_owned(),
            kind: kind.into(),
            valid_from: from.to_owned(),
            outlines,
            ..Default::default()
        };
        let all = [
            version("zones", TerritoryKind::SchemeZone, "2023-01-01", 6),
            version("old", TerritoryKind::Department, "2010-01-01", 6),
            version("new", TerritoryKind::Department, "2016-01-01", 6),
            version("bare", TerritoryKind::Department, "2024-01-01", 0),
        ];
        let name = |versions: &[TerritoryVersion]| best(versions).map(|one| one.name.clone());
        assert_eq!(name(&all), Some("new".to_owned()));
        assert_eq!(name(&all[..1]), Some("zones".to_owned()));
        assert_eq!(name(&all[3..]), None);
    }
}
