//! Reads territories and populations.

use proto::targets::v1 as pb;
use rpc::{Error, Page};

use crate::{
    app::App,
    domain::territory::{Territory, TerritoryKind},
    grpc::{data::kinds, scalars::id_of},
    store::{
        population::{self, Population},
        territory::{self, Filter, Imported},
    },
};

pub(crate) async fn versions(
    app: &App,
    request: &pb::ListTerritoryVersionsRequest,
) -> Result<pb::ListTerritoryVersionsResponse, Error> {
    let kind = request.kind.to_string();
    let arguments = [request.region.as_str(), kind.as_str()];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let filter = Filter {
        region: Some(request.region.as_str()).filter(|region| !region.is_empty()),
        kind: kinds::territory(request.kind()),
        after: page.key(0)?,
    };
    let mut versions = territory::list(app.db.pool(), filter, page.limit()).await?;
    let next_page_token = page.next(&mut versions, |imported| vec![imported.version.id.clone()]);
    Ok(pb::ListTerritoryVersionsResponse {
        versions: versions.iter().map(write_version).collect(),
        next_page_token,
    })
}

fn write_version(imported: &Imported) -> pb::TerritoryVersion {
    let version = &imported.version;
    pb::TerritoryVersion {
        name: format!("territoryVersions/{}", version.id),
        kind: kinds::write_territory(version.kind).into(),
        composed_of: kinds::write_area(version.composed_of).into(),
        region: version.region.to_string(),
        valid_from: version.valid_from.to_string(),
        valid_to: version
            .valid_to
            .map(|day| day.to_string())
            .unwrap_or_default(),
        geography: version.geography.clone(),
        source: imported.source.clone(),
        file_name: imported.file_name.clone(),
        sha256: imported.sha256.clone(),
        territories: imported.territories,
        areas: imported.areas,
        outlines: imported.outlines,
        create_time: Some(kit::timestamp(imported.created_at)),
    }
}

pub(crate) async fn territories(
    app: &App,
    request: &pb::ListTerritoriesRequest,
) -> Result<pb::ListTerritoriesResponse, Error> {
    let page = Page::read(request.page_size, &request.page_token, &[&request.parent])?;
    let pool = app.db.pool();
    let id = id_of(&request.parent);
    let imported = territory::find(pool, id)
        .await?
        .ok_or_else(|| Error::NotFound(request.parent.clone()))?;
    let mut territories = territory::page(pool, id, page.key(0)?, page.limit()).await?;
    let next_page_token = page.next(&mut territories, |territory| vec![territory.code.clone()]);
    let kind = imported.version.kind;
    Ok(pb::ListTerritoriesResponse {
        territories: territories
            .into_iter()
            .map(|territory| write_territory(kind, territory))
            .collect(),
        next_page_token,
    })
}

fn write_territory(kind: TerritoryKind, territory: Territory) -> pb::Territory {
    pb::Territory {
        name: format!("territories/{}/{}", kind.as_str(), territory.code),
        code: territory.code,
        title: territory.title,
        areas: territory.areas,
    }
}

pub(crate) async fn populations(
    app: &App,
    request: &pb::ListPopulationsRequest,
) -> Result<pb::ListPopulationsResponse, Error> {
    let year = i16::try_from(request.year).map_err(|error| Error::invalid("year", error))?;
    let arguments = [request.year.to_string()];
    let page = Page::read(
        request.page_size,
        &request.page_token,
        &arguments.each_ref().map(String::as_str),
    )?;
    let year = Some(year).filter(|year| *year != 0);
    let mut populations = population::list(app.db.pool(), year, page.key(0)?, page.limit()).await?;
    let next_page_token = page.next(&mut populations, |population| vec![population.id.clone()]);
    Ok(pb::ListPopulationsResponse {
        populations: populations.iter().map(write_population).collect(),
        next_page_token,
    })
}

fn write_population(population: &Population) -> pb::Population {
    pb::Population {
        name: format!("populations/{}", population.id),
        year: population.year.into(),
        areas: kinds::write_area(population.areas).into(),
        area_count: population.area_count,
        inhabitants: population.inhabitants,
        source: population.source.clone(),
        file_name: population.file_name.clone(),
        sha256: population.sha256.clone(),
        create_time: Some(kit::timestamp(population.created_at)),
    }
}
