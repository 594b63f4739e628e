//! Activity beside needs: what the people of a territory use and what its establishments produce, activity by activity,
//! next to what they would use at the rates of the region, age and sex being equal.

use askama::Template;
use axum::response::Response;
use kernel::Decimal;
use proto::{
    targets::v1::{PmsiField, Rate, RateBasis, RateState, Territory},
    types::v1::Unit,
};

use super::{
    Option3,
    activity_map::{self, Map, map},
    activity_rates::{Found, MOST_DRAWN, compute, farthest},
    chosen_population,
    flows::{UNITS, is_to_correct},
    options, population_options, populations, regions, territories, version_options, versions,
};
use crate::{
    Failure,
    acts::{Acts, FieldKind, publication},
    failure::{Explained, explain},
    form::Form,
    frame::{Frame, Section},
    pages::{
        Attempt, Exports,
        acting::{Does::Notes, OnList},
        ground, html_after, notice,
    },
    picture::{Beside, beside},
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
    /// One activity in every territory.
    map: Option<Map>,
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
    acts: Acts,
}

pub(super) const PATH: &str = publication::PATH;

/// `/territoires/activite`.
pub(crate) async fn page(visitor: Visitor) -> Response {
    visitor.answer(activity_page(&visitor, None).await).await
}

async fn activity_page(visitor: &Visitor, attempt: Option<&Attempt>) -> Result<Response, Failure> {
    // Who publishes comes from a page that was asked something.
    let asked = attempt.map(|attempt| publication::question(&attempt.typed));
    let query = asked.unwrap_or_else(|| visitor.query());
    let services = &visitor.services;
    let (region, regions) = regions(visitor, &query);
    let (versions, populations) =
        tokio::try_join!(versions(services, &region), populations(services))?;
    let (version, version_options) = version_options(&versions, query.text("decoupage"));
    let population = chosen_population(&populations, query.text("population"));
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
        let asked = query.text(activity_map::FIELD);
        match compute(services, &basis, &place.code, &region, asked).await {
            Ok(found) => {
                let map = found.map(visitor, &basis, &places, &query).await;
                shown = Some(found.shown(&place.title, map));
            }
            Err(Failure::Service(status)) if is_to_correct(status.code()) => {
                refusal = Some(explain(&status));
            }
            Err(failure) => return Err(failure),
        }
    }
    let mapped = shown.as_ref().and_then(|shown| shown.map.as_ref());
    if let Some(file) = Table::asked_among(&query, mapped.map(|map| &map.table)) {
        return file;
    }
    if let (Some(export), Some(shown)) = (Export::asked(query.text("format")), &shown) {
        return shown.table.export(export);
    }
    let publishes = visitor.is("manager") || visitor.is("director_general");
    let code = place.map_or("", |place| place.code.as_str());
    let form = publication::form(&basis, &region, code);
    let page = Page {
        acts: Acts::offered(form, publishes && shown.is_some(), attempt),
        frame: visitor
            .frame("Activité et besoins", Section::Territories)
            .under("Territoires", "/territoires")
            .telling(notice(&visitor.query(), publication::done)),
        regions,
        versions: version_options,
        populations: population_options(&populations, &population),
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
    };
    html_after(&page, attempt)
}

/// Acts on what is shown.
pub(crate) static ACTS: OnList = OnList {
    page: publication::PATH,
    acts: &[(
        publication::METHOD,
        Notes(|services, form| Box::pin(publication::send(services, form))),
    )],
    show: |visitor, attempt| Box::pin(activity_page(visitor, Some(attempt))),
};

impl Found {
    fn label(&self, activity: &str) -> String {
        let label = self.labels.get(activity);
        label.cloned().unwrap_or_else(|| activity.to_owned())
    }

    /// The activity of the map on the ground, and the others that may be on it.
    async fn map(
        &self,
        visitor: &Visitor,
        basis: &RateBasis,
        places: &[Territory],
        query: &Form,
    ) -> Option<Map> {
        let mapped = self.mapped.as_ref()?;
        let codes: Vec<&str> = mapped
            .rates
            .iter()
            .map(|rate| rate.territory.as_str())
            .collect();
        let channels = &visitor.portal.channels;
        let ground = ground::of(channels, &basis.territory_version, &codes).await;
        let titles = places
            .iter()
            .map(|one| (one.code.clone(), one.title.clone()))
            .collect();
        let label = self.label(&mapped.activity);
        let map = map(mapped, &label, &titles, ground.as_ref(), query);
        let option = |rate: &Rate| {
            let is_chosen = rate.activity == mapped.activity;
            (rate.activity.clone(), self.label(&rate.activity), is_chosen)
        };
        Some(Map {
            activities: self.rates.iter().map(option).collect(),
            ..map
        })
    }

    fn shown(&self, territory: &str, map: Option<Map>) -> Shown {
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
            map,
        }
    }

    /// The activity that stands farthest from what would be expected, in one sentence.
    fn answer(&self, territory: &str) -> String {
        let Some(rate) = farthest(&self.rates) else {
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
                "Indice, de#",
                "Indice, à#",
                "Écart établi",
                "Taux brut pour 1 000#",
                "Taux standardisé pour 1 000#",
                "Produits sur place#",
                "Fuite (%)#",
                "Ambulatoire (%)#",
            ],
        );
        for rate in &self.rates {
            let is_known = rate.state() == RateState::Known;
            let figure = |value: f64, digits: usize| {
                Cell::when(is_known, || Cell::Number(numbers::rounded(value, digits)))
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
            labels: [("CHI".to_owned(), "Chirurgie".to_owned())].into(),
            ..Default::default()
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
            ..Default::default()
        };
        let shown = found.shown("Littoral", None);
        assert_eq!(shown.left_out, 1);
        assert_eq!(shown.table.rows[1][3].shown(), "masqué à la source");
        assert_eq!(shown.table.rows[1][2].shown(), "—");
    }
}
