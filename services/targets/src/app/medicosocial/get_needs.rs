//! How the places of a region are spread over its territories and people, before and after a scenario.

use std::collections::BTreeMap;

use kernel::{Finess, Region};
use proto::targets::v1 as pb;
use rpc::{Call, Error};
use time::Date;

use crate::{
    app::{App, offer::scheme_in_effect},
    domain::{
        geography,
        medicosocial::{
            Capacity, CarePublic, MedicosocialRefusal, TerritoryNeeds, Waiting,
            needs::{self as rules, Inhabited, Placed},
            waiting::by_territory,
        },
        offer::{WaitingList, statement::latest},
    },
    grpc::{
        medicosocial::{
            capacities::{read_kind, read_public},
            needs::{read_scenario, write_dispersion, write_territory},
        },
        planning::reading::day,
        scalars::parse,
    },
    store::{
        medicosocial::{
            capacity::{self, Filter},
            needs::{self, Inhabitants},
        },
        offer::statement,
        population, territory,
    },
};

/// Years in an age class, and the last class, 95 and over.
const CLASS_YEARS: i16 = 5;
const LAST_CLASS: i32 = 19;

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::GetNeedsRequest,
) -> Result<pb::Needs, Error> {
    let region: Region = parse("region", &request.region)?;
    call.caller.require_region(region, &call.permission)?;
    let required = |field: &str| Error::invalid(field, "is required");
    let public = read_public(request.public()).ok_or_else(|| required("public"))?;
    let kind = read_kind(request.kind()).ok_or_else(|| required("kind"))?;
    let as_of = day("as_of", &request.as_of)?;
    let scenario = read_scenario(&request.scenario)?;
    let pool = app.db.pool();
    let version = last_part(&request.territory_version);
    territory::find(pool, version)
        .await?
        .filter(|found| found.version.region == region)
        .ok_or_else(|| Error::NotFound(request.territory_version.clone()))?;
    let source = population::find(pool, last_part(&request.population))
        .await?
        .ok_or_else(|| Error::NotFound(request.population.clone()))?;
    let territories = needs::inhabitants(pool, version, &source.id, classes(public)).await?;
    let name = |code: &str| format!("{}/territories/{code}", request.territory_version);
    let inhabited = territories
        .iter()
        .map(|territory| {
            let name = name(&territory.code);
            let population =
                territory
                    .people
                    .ok_or_else(|| MedicosocialRefusal::PopulationUnknown {
                        population: request.population.clone(),
                        territory: name.clone(),
                    })?;
            Ok(Inhabited {
                territory: name,
                title: territory.title.clone(),
                population,
            })
        })
        .collect::<Result<Vec<_>, MedicosocialRefusal>>()?;
    let filter = Filter {
        public: Some(public.as_str()),
        ..Filter::default()
    };
    let capacities = capacity::in_effect(pool, region, as_of, &filter, i64::MAX).await?;
    let places = capacities
        .iter()
        .map(|capacity| place(capacity, &territories, &name))
        .collect::<Result<Vec<_>, _>>()?;
    let waiting = waiting(app, region, public, as_of, (&capacities, &places)).await?;
    let scheme = scheme_in_effect(pool, region, as_of).await?;
    let write = |row: &TerritoryNeeds| {
        let territory = row.inhabited.territory.as_str();
        let aim = scheme
            .as_ref()
            .and_then(|scheme| scheme.value.home_share(territory, public));
        write_territory(
            row,
            aim,
            waiting.get(territory).copied().unwrap_or_default(),
        )
    };
    let found = rules::compute(&inhabited, &places, kind, &scenario)?;
    let (minimum_age, maximum_age) = rules::ages(public);
    Ok(pb::Needs {
        region: region.to_string(),
        public: request.public,
        minimum_age: minimum_age.into(),
        maximum_age: maximum_age.map_or(0, i32::from),
        population_source: format!("{} ({})", source.source, source.year),
        territories: found.territories.iter().map(write).collect(),
        before: Some(write_dispersion(&found.before)),
        after: (!scenario.is_empty()).then(|| write_dispersion(&found.after)),
    })
}

/// Who waits for places of a public, by the territory of the places.
async fn waiting(
    app: &App,
    region: Region,
    public: CarePublic,
    as_of: Date,
    (capacities, places): (&[Capacity], &[Placed]),
) -> Result<BTreeMap<String, Waiting>, Error> {
    let stated: Vec<WaitingList> = statement::current(app.db.pool(), region, None).await?;
    let mut lists = latest(stated, as_of);
    lists.retain(|list| list.public == public);
    let told: Vec<(String, Finess)> = places
        .iter()
        .zip(capacities)
        .map(|(placed, capacity)| (placed.territory.clone(), capacity.establishment))
        .collect();
    Ok(by_territory(&told, &lists))
}

/// The five-year classes of the ages of a public, counted from 0.
fn classes(public: CarePublic) -> (i32, i32) {
    let (youngest, oldest) = rules::ages(public);
    let class = |age: i16| i32::from(age / CLASS_YEARS);
    (class(youngest), oldest.map_or(LAST_CLASS, class))
}

/// The territory of some places, by their commune or its département.
fn place(
    capacity: &Capacity,
    territories: &[Inhabitants],
    name: &impl Fn(&str) -> String,
) -> Result<Placed, MedicosocialRefusal> {
    let commune = capacity.commune.as_str();
    let department = geography::department(commune);
    let territory = territories
        .iter()
        .find(|territory| {
            territory
                .areas
                .iter()
                .any(|area| area == commune || area == department)
        })
        .ok_or_else(|| MedicosocialRefusal::CommuneNotCovered {
            commune: commune.to_owned(),
            establishment: capacity.establishment,
        })?;
    Ok(Placed {
        territory: name(&territory.code),
        kind: capacity.kind,
        mode: capacity.mode,
        places: capacity.places.into(),
    })
}

fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}
