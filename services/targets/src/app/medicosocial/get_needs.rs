//! How the places of a region are spread over its territories and people, before and after a scenario.

use kernel::Region;
use proto::targets::v1 as pb;
use rpc::{Call, Error};

use crate::{
    app::App,
    domain::{
        geography,
        medicosocial::{
            Capacity, CarePublic, MedicosocialRefusal,
            needs::{self as rules, Inhabited, Placed},
        },
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
    let places = capacity::in_effect(pool, region, as_of, &filter, i64::MAX)
        .await?
        .iter()
        .map(|capacity| place(capacity, &territories, &name))
        .collect::<Result<Vec<_>, _>>()?;
    let found = rules::compute(&inhabited, &places, kind, &scenario)?;
    let (minimum_age, maximum_age) = rules::ages(public);
    Ok(pb::Needs {
        region: region.to_string(),
        public: request.public,
        minimum_age: minimum_age.into(),
        maximum_age: maximum_age.map_or(0, i32::from),
        population_source: format!("{} ({})", source.source, source.year),
        territories: found.territories.iter().map(write_territory).collect(),
        before: Some(write_dispersion(&found.before)),
        after: (!scenario.is_empty()).then(|| write_dispersion(&found.after)),
    })
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
