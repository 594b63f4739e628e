//! Where residents are treated and where patients come from.

use std::collections::BTreeMap;

use proto::targets::v1 as pb;
use rpc::{Call, Error};
use sha2::{Digest as _, Sha256};
use statistics::flows::{Balance, Flow, balances, catchment, share};

use crate::{
    app::App,
    domain::{
        DataRefusal,
        case_mix::{Measure, PmsiField},
        geography,
        territory::{Territory, TerritoryVersion, by_area},
    },
    grpc::{data::kinds, files::count, scalars},
    store::{
        case_mix::{self, FlowRow},
        registry_copy, territory,
    },
};

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::ComputeFlowsRequest,
) -> Result<pb::ComputeFlowsResponse, Error> {
    let field = kinds::field(request.field())
        .ok_or_else(|| Error::invalid("field", "is not a field of the PMSI"))?;
    let measure = kinds::measure(request.unit())
        .ok_or_else(|| Error::invalid("unit", "is not a unit of case-mix"))?;
    let year = i16::try_from(request.year).map_err(|error| Error::invalid("year", error))?;
    let observed = observe(app, call, field, year, measure, request).await?;
    let balances = balances(&observed.flows);
    let name = |place: &Option<usize>| {
        let territory = place.and_then(|place| observed.territories.get(place));
        territory
            .map(|territory| territory.code.clone())
            .unwrap_or_default()
    };
    let consumption = |from: &Option<usize>| {
        from.and_then(|place| balances.get(&place))
            .map_or(0, |balance| balance.consumption)
    };
    Ok(pb::ComputeFlowsResponse {
        territories: balances
            .iter()
            .map(|(place, balance)| write_balance(name(&Some(*place)), balance))
            .collect(),
        cells: observed
            .flows
            .iter()
            .map(|flow| pb::FlowCell {
                from: name(&flow.from),
                to: name(&flow.to),
                cases: count(flow.cases),
                share: share(flow.cases, consumption(&flow.from)).unwrap_or_default(),
            })
            .collect(),
        market_shares: market_shares(&observed, &balances, name),
        establishment_flows: if request.by_establishment {
            establishment_flows(&observed, &balances, name)
        } else {
            Vec::new()
        },
        masked_cells: observed.masked,
        data_version: observed.data_version,
    })
}

struct Observed {
    territories: Vec<Territory>,
    /// Between territories, by their places.
    flows: Vec<Flow<usize>>,
    rows: Vec<FlowRow>,
    /// Of the residents of a territory at an establishment.
    residents: BTreeMap<(usize, String), u64>,
    /// The territory of each establishment that is in one.
    location: BTreeMap<String, usize>,
    masked: i64,
    data_version: String,
}

async fn observe(
    app: &App,
    call: &Call,
    field: PmsiField,
    year: i16,
    measure: Measure,
    request: &pb::ComputeFlowsRequest,
) -> Result<Observed, Error> {
    let pool = app.db.pool();
    let id = scalars::id_of(&request.territory_version);
    let version: TerritoryVersion = territory::find(pool, id)
        .await?
        .ok_or_else(|| DataRefusal::TerritoryVersionUnknown(request.territory_version.clone()))?
        .version;
    call.caller
        .require_region(version.region, &call.permission)?;
    let territories = territory::all(pool, id).await?;
    let rows = case_mix::flows(pool, field, year, measure, &request.activity).await?;
    if rows.is_empty() {
        return Err(DataRefusal::NoCases { field, year }.into());
    }
    let numbers: Vec<String> = rows.iter().map(|row| row.finess.clone()).collect();
    let communes = registry_copy::communes(pool, &numbers).await?;
    let areas = by_area(&territories);
    let place_of = |residence: &str| {
        let area = geography::area(residence, version.composed_of)?;
        areas.get(area).copied()
    };
    let location: BTreeMap<String, usize> = communes
        .iter()
        .filter_map(|(finess, commune)| {
            Some((finess.clone(), place_of(geography::normalised(commune)?)?))
        })
        .collect();
    let mut flows: BTreeMap<(Option<usize>, Option<usize>), u64> = BTreeMap::new();
    let mut residents: BTreeMap<(usize, String), u64> = BTreeMap::new();
    for row in &rows {
        let from = place_of(&row.residence);
        let cases = u64::try_from(row.known).unwrap_or(0);
        let key = (from, location.get(&row.finess).copied());
        *flows.entry(key).or_default() += cases;
        if let Some(from) = from {
            *residents.entry((from, row.finess.clone())).or_default() += cases;
        }
    }
    let mut hash = Sha256::new();
    for import in case_mix::current_imports(pool, field, year).await? {
        hash.update(import.0.as_bytes());
    }
    let digest = hex::encode(hash.finalize());
    let masked = rows.iter().map(|row| row.masked).sum();
    drop(areas);
    Ok(Observed {
        territories,
        flows: flows
            .into_iter()
            // What neither begins nor ends in a territory says nothing of them.
            .filter(|((from, to), _)| from.is_some() || to.is_some())
            .map(|((from, to), cases)| Flow { from, to, cases })
            .collect(),
        rows,
        residents,
        location,
        masked,
        data_version: digest.get(..16).unwrap_or_default().to_owned(),
    })
}

fn write_balance(territory: String, balance: &Balance) -> pb::TerritoryFlow {
    pb::TerritoryFlow {
        territory,
        consumption: count(balance.consumption),
        production: count(balance.production),
        leak: balance.leak(),
        attraction: balance.attraction(),
        self_sufficiency: balance.self_sufficiency(),
    }
}

fn market_shares(
    observed: &Observed,
    balances: &BTreeMap<usize, Balance>,
    name: impl Fn(&Option<usize>) -> String,
) -> Vec<pb::MarketShare> {
    let mut origins: BTreeMap<&str, Vec<(String, u64)>> = BTreeMap::new();
    for row in &observed.rows {
        let cases = u64::try_from(row.known).unwrap_or(0);
        let of = origins.entry(&row.finess).or_default();
        of.push((row.residence.clone(), cases));
    }
    origins
        .into_iter()
        .map(|(finess, origins)| {
            let place = observed.location.get(finess).copied();
            let production: u64 = origins.iter().map(|(_, cases)| cases).sum();
            let whole = place.and_then(|place| balances.get(&place));
            let of_territory = whole.map_or(0, |balance| balance.production);
            let resident_share = place.and_then(|place| {
                let treated = observed.residents.get(&(place, finess.to_owned()));
                let consumption = whole.map_or(0, |balance| balance.consumption);
                share(treated.copied().unwrap_or_default(), consumption)
            });
            pb::MarketShare {
                finess: finess.to_owned(),
                territory: name(&place),
                production: count(production),
                share: share(production, of_territory).unwrap_or_default(),
                catchment: catchment(&origins),
                resident_share,
            }
        })
        .collect()
}

/// Who treats the residents of each territory.
fn establishment_flows(
    observed: &Observed,
    balances: &BTreeMap<usize, Balance>,
    name: impl Fn(&Option<usize>) -> String,
) -> Vec<pb::EstablishmentFlow> {
    let residents = observed.residents.iter();
    residents
        .filter(|(_, cases)| **cases > 0)
        .map(|((from, finess), cases)| {
            let consumption = balances.get(from).map_or(0, |balance| balance.consumption);
            pb::EstablishmentFlow {
                from: name(&Some(*from)),
                finess: finess.clone(),
                cases: count(*cases),
                share: share(*cases, consumption).unwrap_or_default(),
            }
        })
        .collect()
}
