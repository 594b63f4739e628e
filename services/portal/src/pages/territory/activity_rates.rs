//! Rates and flows of one territory, activity by activity, and of one activity everywhere: what the page of activity
//! beside needs is made of.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt as _, stream};
use proto::targets::v1::{
    ComputeFlowsRequest, ComputeRatesRequest, ListCaseMixImportsRequest,
    ListNomenclatureEntriesRequest, Rate, RateBasis, RateState, TerritoryFlow,
};

use super::activity_map::Mapped;
use crate::{
    Failure,
    services::{Services, every, within},
};

/// Activities that are drawn, and whose flows are asked for: those with most need.
pub(super) const MOST_DRAWN: usize = 12;
/// Flows that are computed at the same time.
const AT_ONCE: usize = 4;
/// Codes whose labels are read; a longer nomenclature is shown by its codes.
const MOST_LABELS: usize = 1_000;

/// The rates of one territory, the most needed activity first, with the flows of the first ones.
#[derive(Default)]
pub(super) struct Found {
    pub(super) rates: Vec<Rate>,
    pub(super) flows: BTreeMap<String, TerritoryFlow>,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) elsewhere: i64,
    /// The activity that is on the map; none without any.
    pub(super) mapped: Option<Mapped>,
}

/// `on_map` is the activity that is asked for on the map; what stands farthest apart where it is none of them.
pub(super) async fn compute(
    services: &Services,
    basis: &RateBasis,
    territory: &str,
    region: &str,
    on_map: &str,
) -> Result<Found, Failure> {
    let request = ComputeRatesRequest {
        basis: Some(basis.clone()),
    };
    let mut client = services.rates();
    let (computed, labels) = tokio::join!(
        client.compute_rates(within(request)),
        activity_labels(services, region, basis.field)
    );
    let computed = computed?.into_inner();
    let (mut rates, others): (Vec<Rate>, Vec<Rate>) = computed
        .rates
        .into_iter()
        .partition(|rate| rate.territory == territory);
    rates.sort_by(|one, other| other.expected.total_cmp(&one.expected));
    let on_map = rates
        .iter()
        .find(|rate| rate.activity == on_map)
        .or_else(|| farthest(&rates))
        .or_else(|| rates.first())
        .map(|rate| rate.activity.clone());
    let drawn = rates.iter().take(MOST_DRAWN).map(|rate| &rate.activity);
    // The one on the map is asked for once.
    let wanted: BTreeSet<String> = drawn.chain(&on_map).cloned().collect();
    let flows: Vec<Result<(String, Flows), Failure>> = stream::iter(wanted)
        .map(|activity| flows(services, basis, activity))
        .buffered(AT_ONCE)
        .collect()
        .await;
    let mut flows = flows
        .into_iter()
        .collect::<Result<BTreeMap<_, _>, Failure>>()?;
    let own = |all: &Flows| {
        let mut territories = all.territories.iter();
        territories.find(|one| one.territory == territory).cloned()
    };
    Ok(Found {
        flows: flows
            .iter()
            .filter_map(|(activity, all)| Some((activity.clone(), own(all)?)))
            .collect(),
        mapped: on_map.map(|activity| {
            let Flows {
                territories,
                masked_cells,
            } = flows.remove(&activity).unwrap_or_default();
            let everywhere = rates.iter().chain(&others);
            let mut rates: Vec<Rate> = everywhere
                .filter(|rate| rate.activity == activity)
                .cloned()
                .collect();
            rates.sort_by(|one, other| one.territory.cmp(&other.territory));
            Mapped {
                activity,
                rates,
                flows: territories,
                masked_cells,
            }
        }),
        labels,
        elsewhere: computed.cases_elsewhere,
        rates,
    })
}

/// The activity whose gap chance does not explain and that is the widest.
pub(super) fn farthest(rates: &[Rate]) -> Option<&Rate> {
    rates
        .iter()
        .filter(|rate| rate.state() == RateState::Known && rate.significant)
        .max_by(|one, other| {
            let far = |rate: &Rate| (rate.index - 1.0).abs();
            far(one).total_cmp(&far(other))
        })
}

/// What every territory consumes and produces of an activity.
#[derive(Default)]
struct Flows {
    territories: Vec<TerritoryFlow>,
    masked_cells: i64,
}

async fn flows(
    services: &Services,
    basis: &RateBasis,
    activity: String,
) -> Result<(String, Flows), Failure> {
    let request = ComputeFlowsRequest {
        field: basis.field,
        year: basis.year,
        unit: basis.unit,
        territory_version: basis.territory_version.clone(),
        activity: activity.clone(),
        by_establishment: false,
    };
    let mut client = services.rates();
    let flows = client.compute_flows(within(request)).await?.into_inner();
    let flows = Flows {
        territories: flows.territories,
        masked_cells: flows.masked_cells,
    };
    Ok((activity, flows))
}

/// What activities are called, in the nomenclature of the latest import. Empty where it is not known.
async fn activity_labels(
    services: &Services,
    region: &str,
    field: i32,
) -> BTreeMap<String, String> {
    let request = ListCaseMixImportsRequest {
        region: region.to_owned(),
        field,
        page_size: 1,
        ..Default::default()
    };
    let mut client = services.case_mix();
    let Ok(imports) = client.list_case_mix_imports(within(request)).await else {
        return BTreeMap::new();
    };
    let Some(import) = imports.into_inner().imports.into_iter().next() else {
        return BTreeMap::new();
    };
    let request = ListNomenclatureEntriesRequest {
        parent: import.nomenclature,
        ..Default::default()
    };
    let entries = every!(
        services.nomenclatures(),
        list_nomenclature_entries,
        request,
        entries,
        MOST_LABELS
    );
    let entries = entries.map_or_else(|_| Vec::new(), |(entries, _)| entries);
    entries
        .into_iter()
        .map(|entry| (entry.code, entry.label))
        .collect()
}
