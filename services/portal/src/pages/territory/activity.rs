//! Activity beside needs: what the people of a territory use and what its establishments produce, activity by activity,
//! next to what they would use at the rates of the region, age and sex being equal.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use futures::{StreamExt as _, stream};
use kernel::Decimal;
use proto::{
    targets::v1::{
        ComputeFlowsRequest, ComputeRatesRequest, ListCaseMixImportsRequest,
        ListNomenclatureEntriesRequest, PmsiField, Rate, RateBasis, RateState, TerritoryFlow,
    },
    types::v1::Unit,
};

use super::{
    Option3,
    flows::{UNITS, is_to_correct},
    options, populations, regions, territories, version_options, versions,
};
use crate::{
    Failure,
    failure::{Explained, explain},
    frame::{Frame, Section},
    pages::{Exports, html},
    picture::{Beside, beside},
    services::{Services, every, within},
    table::{Cell, Export, Table},
    text::{labels, numbers, territory as words},
    visitor::Visitor,
};

/// What was computed for one territory.
struct Shown {
    title: String,
    answer: String,
    picture: String,
    table: Table,
    /// Activities that the picture leaves out.
    left_out: usize,
    /// Cases that the rates cannot place.
    elsewhere: i64,
}

#[derive(Template)]
#[template(path = "territory_activity.html")]
struct Page {
    frame: Frame,
    regions: Vec<Option3>,
    versions: Vec<Option3>,
    populations: Vec<Option3>,
    territories: Vec<Option3>,
    fields: Vec<Option3>,
    units: Vec<Option3>,
    year: String,
    refusal: Option<Explained>,
    shown: Option<Shown>,
    exports: Exports,
    is_ready: bool,
}

/// Activities that are drawn, and whose flows are asked for: those with most need.
const MOST_DRAWN: usize = 12;
/// Flows that are computed at the same time.
const AT_ONCE: usize = 4;
/// Codes whose labels are read; a longer nomenclature is shown by its codes.
const MOST_LABELS: usize = 1_000;
pub(super) const PATH: &str = "/territoires/activite";

/// `/territoires/activite`.
pub(crate) async fn page(visitor: Visitor) -> Response {
    visitor.answer(activity_page(&visitor).await).await
}

async fn activity_page(visitor: &Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let services = &visitor.services;
    let (region, regions) = regions(visitor, &query);
    let (versions, populations) =
        tokio::try_join!(versions(services, &region), populations(services))?;
    let (version, version_options) = version_options(&versions, query.text("decoupage"));
    let population = populations
        .iter()
        .find(|one| one.name == query.text("population"))
        .or_else(|| populations.iter().max_by_key(|one| one.year))
        .map(|one| one.name.clone())
        .unwrap_or_default();
    let is_ready = !version.is_empty() && !population.is_empty();
    let places = if is_ready {
        territories(services, &version).await?
    } else {
        Vec::new()
    };
    let asked = query.text("territoire");
    let place = places
        .iter()
        .find(|one| one.code == asked)
        .or_else(|| places.first());
    let basis = RateBasis {
        field: query.whole("champ").unwrap_or(PmsiField::Mco.into()),
        year: query.whole("annee").unwrap_or_default(),
        unit: query.whole("unite").unwrap_or(Unit::Stays.into()),
        territory_version: version,
        population: population.clone(),
        ..Default::default()
    };
    let (mut refusal, mut shown) = (None, None);
    if let Some(place) = place.filter(|_| basis.year > 0) {
        match compute(services, &basis, &place.code, &region).await {
            Ok(found) => shown = Some(found.shown(&place.title)),
            Err(Failure::Service(status)) if is_to_correct(status.code()) => {
                refusal = Some(explain(&status));
            }
            Err(failure) => return Err(failure),
        }
    }
    if let (Some(export), Some(shown)) = (Export::asked(query.text("format")), &shown) {
        return shown.table.export(export);
    }
    html(&Page {
        frame: visitor
            .frame("Activité et besoins", Section::Territories)
            .under("Territoires", "/territoires"),
        regions,
        versions: version_options,
        populations: populations
            .iter()
            .map(|one| {
                let label = format!("{} ({})", one.source, one.year);
                (one.name.clone(), label, one.name == population)
            })
            .collect(),
        territories: places
            .iter()
            .map(|one| {
                let is_chosen = place.is_some_and(|place| place.code == one.code);
                (one.code.clone(), one.title.clone(), is_chosen)
            })
            .collect(),
        fields: options(&words::FIELDS, basis.field),
        units: options(&UNITS.map(|unit| (unit, labels::unit(unit))), basis.unit),
        year: query.text("annee").to_owned(),
        refusal,
        shown,
        exports: Exports::of(PATH, &query),
        is_ready,
    })
}

/// The rates of one territory, the most needed activity first, with the flows of the first ones.
struct Found {
    rates: Vec<Rate>,
    flows: BTreeMap<String, TerritoryFlow>,
    labels: BTreeMap<String, String>,
    elsewhere: i64,
}

async fn compute(
    services: &Services,
    basis: &RateBasis,
    territory: &str,
    region: &str,
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
    let mut rates = computed.rates;
    rates.retain(|rate| rate.territory == territory);
    rates.sort_by(|one, other| other.expected.total_cmp(&one.expected));
    let drawn: Vec<String> = rates
        .iter()
        .take(MOST_DRAWN)
        .map(|rate| rate.activity.clone())
        .collect();
    let flows: Vec<Result<Option<TerritoryFlow>, Failure>> = stream::iter(drawn)
        .map(|activity| flow(services, basis, territory, activity))
        .buffered(AT_ONCE)
        .collect()
        .await;
    let flows = flows.into_iter().collect::<Result<Vec<_>, _>>()?;
    let named = rates.iter().map(|rate| rate.activity.clone()).zip(flows);
    Ok(Found {
        flows: named
            .filter_map(|(activity, flow)| Some((activity, flow?)))
            .collect(),
        labels,
        elsewhere: computed.cases_elsewhere,
        rates,
    })
}

/// What one territory consumes and produces of an activity.
async fn flow(
    services: &Services,
    basis: &RateBasis,
    territory: &str,
    activity: String,
) -> Result<Option<TerritoryFlow>, Failure> {
    let request = ComputeFlowsRequest {
        field: basis.field,
        year: basis.year,
        unit: basis.unit,
        territory_version: basis.territory_version.clone(),
        activity,
    };
    let mut client = services.rates();
    let flows = client.compute_flows(within(request)).await?.into_inner();
    let mut all = flows.territories.into_iter();
    Ok(all.find(|one| one.territory == territory))
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

impl Found {
    fn label(&self, activity: &str) -> String {
        let label = self.labels.get(activity);
        label.cloned().unwrap_or_else(|| activity.to_owned())
    }

    fn shown(&self, territory: &str) -> Shown {
        let rows: Vec<Beside> = self
            .rates
            .iter()
            .filter(|rate| rate.state() == RateState::Known)
            .take(MOST_DRAWN)
            .map(|rate| Beside {
                title: self.label(&rate.activity),
                expected: numbers::rounded(rate.expected, 0),
                used: rate.cases.into(),
                produced: self
                    .flows
                    .get(&rate.activity)
                    .map(|flow| flow.production.into()),
            })
            .collect();
        Shown {
            title: territory.to_owned(),
            answer: self.answer(territory),
            left_out: self.rates.len().saturating_sub(rows.len()),
            picture: beside(
                "activite",
                &format!("Activité attendue, consommée et produite, {territory}"),
                &rows,
            ),
            table: self.table(territory),
            elsewhere: self.elsewhere,
        }
    }

    /// The activity that stands farthest from what would be expected, in one sentence.
    fn answer(&self, territory: &str) -> String {
        let farthest = self
            .rates
            .iter()
            .filter(|rate| rate.state() == RateState::Known && rate.significant)
            .max_by(|one, other| {
                let far = |rate: &Rate| (rate.index - 1.0).abs();
                far(one).total_cmp(&far(other))
            });
        let Some(rate) = farthest else {
            return format!("« {territory} » : aucun écart que le hasard n’explique.");
        };
        let gap = numbers::percent((rate.index - 1.0).abs());
        let side = if rate.index > 1.0 { "plus" } else { "moins" };
        format!(
            "À âge et sexe égaux, les habitants de « {territory} » recourent {gap} {side} que la région à : {}.",
            self.label(&rate.activity)
        )
    }

    fn table(&self, territory: &str) -> Table {
        let mut table = Table::new(
            "activite-et-besoins",
            format!("Activité et besoins, {territory}"),
            &[
                "Activité",
                "Code",
                "Cas attendus#",
                "Cas des habitants#",
                "Indice#",
                "De#",
                "À#",
                "Écart établi",
                "Taux brut pour 1 000#",
                "Taux standardisé#",
                "Produits sur place#",
                "Fuite (%)#",
                "Ambulatoire (%)#",
            ],
        );
        for rate in &self.rates {
            let is_known = rate.state() == RateState::Known;
            let figure = |value: f64, digits: usize| {
                if is_known {
                    Cell::Number(numbers::rounded(value, digits))
                } else {
                    Cell::Empty
                }
            };
            let percent = |share: Option<f64>| {
                share.map_or(Cell::Empty, |share| {
                    Cell::Number(numbers::rounded(share * 100.0, 1))
                })
            };
            let flow = self.flows.get(&rate.activity);
            table.push(vec![
                Cell::text(self.label(&rate.activity)),
                Cell::text(rate.activity.as_str()),
                figure(rate.expected, 1),
                if is_known {
                    Cell::Number(Decimal::from(rate.cases))
                } else {
                    Cell::text(state(rate.state()))
                },
                figure(rate.index, 2),
                figure(rate.index_low, 2),
                figure(rate.index_high, 2),
                Cell::text(match (is_known, rate.significant) {
                    (true, true) => "oui",
                    (true, false) => "non",
                    (false, _) => "—",
                }),
                figure(rate.crude, 2),
                figure(rate.direct, 2),
                flow.map_or(Cell::Empty, |flow| Cell::count(flow.production)),
                percent(flow.and_then(|flow| flow.leak)),
                percent(rate.ambulatory_share),
            ]);
        }
        table
    }
}

/// Why a rate is not there.
fn state(state: RateState) -> &'static str {
    match state {
        RateState::Masked => "masqué à la source",
        RateState::NoReference => "sans référence",
        RateState::Suppressed => "non diffusé",
        RateState::Known | RateState::Unspecified => "inconnu",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(activity: &str, index: f64, significant: bool) -> Rate {
        Rate {
            activity: activity.to_owned(),
            state: RateState::Known.into(),
            cases: 130,
            expected: 100.0,
            index,
            significant,
            ..Default::default()
        }
    }

    #[test]
    fn the_page_answers_with_what_chance_does_not_explain() {
        let mut found = Found {
            rates: vec![rate("CHI", 1.3, true), rate("MED", 1.9, false)],
            flows: BTreeMap::new(),
            labels: [("CHI".to_owned(), "Chirurgie".to_owned())].into(),
            elsewhere: 0,
        };
        let told = found.answer("Littoral");
        assert!(told.contains("30\u{202f}% plus") && told.ends_with("Chirurgie."));
        found.rates.remove(0);
        assert!(found.answer("Littoral").contains("hasard"));
    }

    #[test]
    fn what_is_masked_is_neither_drawn_nor_a_number() {
        let mut masked = rate("OBS", 1.0, false);
        masked.set_state(RateState::Masked);
        let found = Found {
            rates: vec![rate("CHI", 1.3, true), masked],
            flows: BTreeMap::new(),
            labels: BTreeMap::new(),
            elsewhere: 0,
        };
        let shown = found.shown("Littoral");
        assert_eq!(shown.left_out, 1);
        assert_eq!(shown.table.rows[1][3].shown(), "masqué à la source");
        assert_eq!(shown.table.rows[1][2].shown(), "—");
    }
}
