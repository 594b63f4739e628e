//! What was published about the territories where a contract has its sites, cited with its version.

use std::collections::BTreeMap;

use proto::{targets::v1 as pb, types::v1::Unit};
use rpc::{Call, Error};
use sha2::{Digest as _, Sha256};
use sqlx::PgPool;

use crate::{
    app::{App, target_sets},
    domain::{
        ContractId,
        case_mix::PmsiField,
        geography,
        territory::by_area,
        territory_context::{Context, Figures, Place as Told, Publication, chosen, statement},
    },
    grpc::{
        data::{
            kinds,
            published_rates::{write_rate, write_set},
        },
        scalars::{id_of, parse},
    },
    store::{
        contract_copy,
        published_rates::{self, Filter, Place, PublishedRow, RateFilter},
        registry_copy, territory,
    },
};

/// All territories, or all activities, of a publication.
const ALL: &str = "*";
/// Publications of a region that are looked at.
const SETS: i64 = 1_000;

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::GetTerritoryContextRequest,
) -> Result<pb::TerritoryContext, Error> {
    let id: ContractId = parse("contract", &request.contract)?;
    let pool = app.db.pool();
    let mut connection = pool.acquire().await?;
    let contract = contract_copy::find(&mut connection, id)
        .await?
        .filter(|contract| target_sets::sees(call, contract))
        .ok_or_else(|| Error::NotFound(request.contract.clone()))?;
    drop(connection);
    let numbers = |of: &[kernel::Finess]| of.iter().map(ToString::to_string).collect::<Vec<_>>();
    let mut sites = numbers(&contract.establishments);
    if sites.is_empty() {
        sites = registry_copy::sites_of(pool, &numbers(&contract.legal_entities)).await?;
    }
    sites.sort();
    sites.dedup();
    let sites = Sites {
        communes: registry_copy::communes(pool, &sites).await?,
        numbers: sites,
    };
    let filter = Filter {
        region: Some(contract.region.code().to_owned()),
        ..Filter::default()
    };
    let mut sets = Vec::new();
    for set in published_rates::sets(pool, filter, SETS).await? {
        if set.is_corrected {
            continue;
        }
        let set = write_set(&set)?;
        let basis = set.basis.clone().unwrap_or_default();
        sets.push(((basis.field, basis.unit), basis.year, (set, basis)));
    }
    let mut publications = Vec::new();
    for (set, basis) in chosen(sets, request.year) {
        publications.push(publication(pool, &sites, set, &basis).await?);
    }
    let text = statement(&Context {
        contract: id,
        year: request.year,
        publications: publications.iter().map(said).collect(),
    });
    Ok(pb::TerritoryContext {
        contract: id.to_string(),
        year: request.year,
        publications: publications.into_iter().map(Found::written).collect(),
        statement_sha256: hex::encode(Sha256::digest(&text)),
        statement: text,
    })
}

/// The sites of the contract, and the communes of those that the registry tells of.
struct Sites {
    numbers: Vec<String>,
    communes: BTreeMap<String, String>,
}

/// What one publication says of the territories of the contract.
struct Found {
    set: pb::PublishedRateSet,
    subject: String,
    territory_version: String,
    whole: Option<PublishedRow>,
    places: Vec<Near>,
    elsewhere: Vec<String>,
}

/// A territory where sites of the contract are.
struct Near {
    code: String,
    title: String,
    sites: Vec<String>,
    row: Option<PublishedRow>,
}

async fn publication(
    pool: &PgPool,
    sites: &Sites,
    set: pb::PublishedRateSet,
    basis: &pb::RateBasis,
) -> Result<Found, Error> {
    let id = id_of(&basis.territory_version);
    let version = territory::find(pool, id)
        .await?
        .ok_or_else(|| Error::internal(format!("the territories of {} are gone", set.name)))?
        .version;
    let territories = territory::all(pool, id).await?;
    let areas = by_area(&territories);
    let mut near: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut elsewhere = Vec::new();
    for site in &sites.numbers {
        let commune = sites.communes.get(site);
        let area = commune
            .and_then(|commune| geography::normalised(commune))
            .and_then(|commune| geography::area(commune, version.composed_of));
        match area.and_then(|area| areas.get(area)) {
            Some(place) => near.entry(*place).or_default().push(site.clone()),
            None => elsewhere.push(site.clone()),
        }
    }
    let mut places = Vec::with_capacity(near.len());
    for (place, sites) in near {
        let Some(found) = territories.get(place) else {
            continue;
        };
        places.push(Near {
            code: found.code.clone(),
            title: found.title.clone(),
            sites,
            row: total(pool, &set, &found.code).await?,
        });
    }
    Ok(Found {
        whole: total(pool, &set, ALL).await?,
        subject: subject(basis),
        territory_version: id.to_owned(),
        set,
        places,
        elsewhere,
    })
}

/// The rate of all activities of a publication together in one territory.
async fn total(
    pool: &PgPool,
    set: &pb::PublishedRateSet,
    territory: &str,
) -> Result<Option<PublishedRow>, Error> {
    let place = Place {
        series: &set.series,
        version: set.version,
    };
    let filter = RateFilter {
        territory: Some(territory),
        activity: Some(ALL),
        after: None,
    };
    let mut rows = published_rates::rates(pool, place, filter, 1).await?;
    Ok(rows.pop())
}

/// Field, what is counted and year, in words.
fn subject(basis: &pb::RateBasis) -> String {
    let field = kinds::field(basis.field()).map_or("", PmsiField::as_str);
    let unit = match basis.unit() {
        Unit::Patients => "patients",
        Unit::Days => "journées",
        Unit::Sessions => "séances",
        _ => "séjours",
    };
    format!("{field}, {unit}, {}", basis.year)
}

fn figures(row: &PublishedRow) -> Option<Figures> {
    let interval = row.index_low.zip(row.index_high);
    Some(Figures {
        crude: row.crude?,
        direct: row.direct,
        index: row
            .index
            .zip(interval)
            .map(|(index, (low, high))| [index, low, high]),
    })
}

/// What the text says of it.
fn said(found: &Found) -> Publication {
    Publication {
        name: found.set.name.clone(),
        sha256: found.set.sha256.clone(),
        title: found.set.title.clone(),
        subject: found.subject.clone(),
        territory_version: found.territory_version.clone(),
        sources: found.set.sources.clone(),
        whole: found.whole.as_ref().and_then(figures),
        places: found
            .places
            .iter()
            .map(|near| Told {
                code: near.code.clone(),
                title: near.title.clone(),
                sites: near.sites.clone(),
                figures: near.row.as_ref().and_then(figures),
            })
            .collect(),
        elsewhere: found.elsewhere.clone(),
    }
}

impl Found {
    fn written(self) -> pb::TerritoryPublication {
        pb::TerritoryPublication {
            set: Some(self.set),
            whole: self.whole.as_ref().map(write_rate),
            territories: self.places.into_iter().map(Near::written).collect(),
            sites_elsewhere: self.elsewhere,
        }
    }
}

impl Near {
    fn written(self) -> pb::TerritoryOfSites {
        // A territory that the publication does not have is told by its name alone.
        let unknown = || pb::PublishedRate {
            rate: Some(pb::Rate {
                territory: self.code.clone(),
                activity: ALL.to_owned(),
                ..Default::default()
            }),
            territory_title: self.title.clone(),
            ..Default::default()
        };
        pb::TerritoryOfSites {
            rate: Some(self.row.as_ref().map_or_else(unknown, write_rate)),
            sites: self.sites,
        }
    }
}
