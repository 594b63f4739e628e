//! How the places of a region are spread over its territories and people, before and after a scenario.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Finess, Region};
use proto::targets::v1 as pb;
use rpc::{Call, Error};
use time::Date;

use super::get_occupancy::of_all;
use crate::{
    app::{App, offer::scheme_in_effect, target_sets},
    domain::{
        geography,
        medicosocial::{
            Capacity, CarePublic, MedicosocialRefusal, Occupancy, ReceptionMode, TerritoryNeeds,
            TerritoryOccupancy, Waiting,
            needs::{self as rules, Inhabited, Placed},
            territory_occupancy,
            waiting::by_territory,
        },
        offer::{WaitingList, statement::latest},
    },
    grpc::{
        medicosocial::{
            capacities::{read_kind, read_public},
            needs::{read_scenario, write_dispersion, write_territory},
        },
        planning::reading::{self, day},
        scalars::{id_of, parse},
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

/// Below so many establishments a council, which does not read each of them, is told no rate.
const FEWEST_SHOWN: i32 = 3;

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
    let version = id_of(&request.territory_version);
    territory::find(pool, version)
        .await?
        .filter(|found| found.version.region == region)
        .ok_or_else(|| Error::NotFound(request.territory_version.clone()))?;
    let source = population::find(pool, id_of(&request.population))
        .await?
        .ok_or_else(|| Error::NotFound(request.population.clone()))?;
    let territories = needs::inhabitants(pool, version, &source.id, classes(public)).await?;
    let name = |code: &str| format!("{}/territories/{code}", request.territory_version);
    let councils = target_sets::councils(&call.caller);
    let inhabited = territories
        .iter()
        .filter(|territory| is_own(territory, councils.as_deref()))
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
    let mut capacities = capacity::in_effect(pool, region, as_of, &filter, i64::MAX).await?;
    if councils.is_some() {
        if inhabited.is_empty() {
            return Err(Error::NotFound(request.territory_version.clone()));
        }
        // What these territories do not cover is not of the département.
        capacities.retain(|capacity| territory_of(capacity, &territories).is_some());
    }
    let places = capacities
        .iter()
        .map(|capacity| place(capacity, &territories, &name))
        .collect::<Result<Vec<_>, _>>()?;
    let waiting = waiting(app, region, public, as_of, (&capacities, &places)).await?;
    let activity_year = match request.activity_year {
        0 => as_of.year() - 1,
        year => year,
    };
    let activity_year = reading::year("", "activity_year", activity_year).map_err(reading::one)?;
    let fewest = if councils.is_some() { FEWEST_SHOWN } else { 1 };
    let occupied = occupied(app, activity_year, fewest, (&capacities, &places)).await?;
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
            (
                activity_year,
                occupied
                    .get(territory)
                    .map(Vec::as_slice)
                    .unwrap_or_default(),
            ),
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

/// How places were occupied in a year, by the territory of the places, then mode.
async fn occupied(
    app: &App,
    year: i16,
    fewest: i32,
    (capacities, places): (&[Capacity], &[Placed]),
) -> Result<BTreeMap<String, Vec<TerritoryOccupancy>>, Error> {
    let mut found: BTreeMap<String, Vec<TerritoryOccupancy>> = BTreeMap::new();
    for (mode, _) in ReceptionMode::ALL {
        let told: BTreeSet<(String, Finess)> = places
            .iter()
            .zip(capacities)
            .filter(|(placed, _)| placed.mode == mode)
            .map(|(placed, capacity)| (placed.territory.clone(), capacity.establishment))
            .collect();
        let establishments: BTreeSet<Finess> = told
            .iter()
            .map(|(_, establishment)| *establishment)
            .collect();
        if establishments.is_empty() {
            continue;
        }
        let establishments: Vec<Finess> = establishments.into_iter().collect();
        let computed = of_all(app, &establishments, mode, year).await?;
        let known: Vec<Occupancy> = computed
            .into_iter()
            .filter_map(|(_, computed)| computed.ok())
            .collect();
        for (territory, occupancy) in territory_occupancy::by_territory(mode, &told, &known, fewest)
        {
            found.entry(territory).or_default().push(occupancy);
        }
    }
    Ok(found)
}

/// Whether a caller reads a territory: a departmental council reads those that lie in its département, others all.
fn is_own(territory: &Inhabitants, councils: Option<&[String]>) -> bool {
    let lies_in = |codes: &[String]| {
        territory
            .areas
            .iter()
            .all(|area| codes.iter().any(|code| code == geography::department(area)))
    };
    councils.is_none_or(lies_in)
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
    let territory = territory_of(capacity, territories).ok_or_else(|| {
        MedicosocialRefusal::CommuneNotCovered {
            commune: capacity.commune.clone(),
            establishment: capacity.establishment,
        }
    })?;
    Ok(Placed {
        territory: name(&territory.code),
        kind: capacity.kind,
        mode: capacity.mode,
        places: capacity.places.into(),
    })
}

fn territory_of<'a>(
    capacity: &Capacity,
    territories: &'a [Inhabitants],
) -> Option<&'a Inhabitants> {
    let commune = capacity.commune.as_str();
    let department = geography::department(commune);
    territories.iter().find(|territory| {
        let mut areas = territory.areas.iter();
        areas.any(|area| area == commune || area == department)
    })
}
