//! What is asked of a projection, and the rates and flows it is computed from.

use kernel::Decimal;
use proto::targets::v1::{
    ComputeFlowsRequest, ComputeFlowsResponse, ComputeRatesRequest, Flow, Inflection,
    InflectionProposal, PmsiField, Population, ProjectedTerritory, ProjectionInput,
    ProjectionParameters, Rate, RateBasis, RateState, RetainProjectionRequest,
};
use tonic::Status;

use crate::{
    acts::{decimal, wrong},
    form::Form,
    services::{Services, within},
    text::numbers,
};

/// A parameter as it is typed.
pub(super) struct Typed {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    pub(super) value: String,
}

/// Fields of the question.
const FIELDS: [&str; 10] = [
    "champ",
    "population",
    "annee",
    "horizon",
    REBALANCING,
    "reference",
    "tendance",
    "inadequation",
    "habitants",
    PRODUCERS,
];
/// Who produces, in an address: territories, or establishments one by one.
pub(super) const PRODUCERS: &str = "producteurs";
/// Establishments one by one.
pub(super) const ONE_BY_ONE: &str = "etablissements";
/// Whoever asks says how far rates come nearer to one another: the question is asked once this is.
pub(super) const REBALANCING: &str = "reequilibrage";
/// Who produces what is produced in none of the territories.
pub(super) const OUTSIDE: &str = "OUTSIDE";
/// Who produces what small flows add up to.
pub(super) const OTHERS: &str = "OTHERS";
/// Flows of so many cases at most are told together: what a dialogue retains is read by establishments, and the service
/// refuses it otherwise.
const SMALL: i64 = 10;
/// Inhabitants more or fewer at the horizon, in percent: less than this.
const MOST_GROWTH: i64 = 100;

/// Retains what was tried, in its dialogue. It is computed again: what is retained is what the figures of today give, by
/// territory: beside one by establishment, the small flows of either would follow from the other.
pub(super) async fn retain(
    services: &Services,
    inflection: &Inflection,
    form: &Form,
) -> Result<(), Status> {
    let mut asked = Asked::read(inflection, &[], form);
    asked.by_establishment = false;
    let (input, _) = asked.gather(services).await?;
    let request = RetainProjectionRequest {
        name: inflection.dialogue.clone(),
        etag: form.text("etag").to_owned(),
        input: Some(input),
        reasons: form.text("reasons").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.dialogues();
    client.retain_projection(within(request)).await.map(|_| ())
}

/// What is asked, with what stands for what is not.
pub(super) struct Asked {
    pub(super) proposal: InflectionProposal,
    pub(super) basis: RateBasis,
    pub(super) horizon: i32,
    rebalancing: String,
    /// Empty: the rate of all the territories.
    reference: String,
    trend: String,
    inadequacy: String,
    pub(super) growth: String,
    pub(super) by_establishment: bool,
}

impl Asked {
    pub(super) fn read(inflection: &Inflection, populations: &[Population], typed: &Form) -> Self {
        let proposal = inflection.proposal.clone().unwrap_or_default();
        let year = typed.whole("annee").unwrap_or(proposal.from_year);
        let nearest = populations.iter().min_by_key(|one| one.year.abs_diff(year));
        let population = match typed.text("population") {
            "" => nearest.map_or_else(String::new, |one| one.name.clone()),
            name => name.to_owned(),
        };
        let version = inflection.territory.split_once("/territories/");
        let or = |name: &str, neutral: &str| match typed.text(name) {
            "" => neutral.to_owned(),
            text => text.to_owned(),
        };
        Self {
            basis: RateBasis {
                field: typed.whole("champ").unwrap_or(PmsiField::Mco.into()),
                year,
                unit: proposal.unit,
                territory_version: version
                    .map_or_else(String::new, |(version, _)| version.to_owned()),
                population,
                activities: vec![proposal.activity.clone()],
                ..Default::default()
            },
            horizon: typed.whole("horizon").unwrap_or(proposal.horizon),
            // What changes nothing, until somebody sets it.
            rebalancing: or(REBALANCING, "0"),
            reference: typed.text("reference").to_owned(),
            trend: or("tendance", "0"),
            inadequacy: or("inadequation", "1"),
            growth: or("habitants", "0"),
            by_establishment: typed.text(PRODUCERS) == ONE_BY_ONE,
            proposal,
        }
    }

    /// What is asked, under the names of the address.
    pub(super) fn kept(&self) -> Vec<(&'static str, String)> {
        let values = [
            self.basis.field.to_string(),
            self.basis.population.clone(),
            self.basis.year.to_string(),
            self.horizon.to_string(),
            self.rebalancing.clone(),
            self.reference.clone(),
            self.trend.clone(),
            self.inadequacy.clone(),
            self.growth.clone(),
            if self.by_establishment {
                ONE_BY_ONE
            } else {
                ""
            }
            .to_owned(),
        ];
        FIELDS.into_iter().zip(values).collect()
    }

    pub(super) fn typed(&self) -> Vec<Typed> {
        let field = |name, label, hint, value: &str| Typed {
            name,
            label,
            hint,
            value: value.to_owned(),
        };
        vec![
            field(
                "annee",
                "Année des taux et des flux",
                "",
                &self.basis.year.to_string(),
            ),
            field("horizon", "Horizon", "", &self.horizon.to_string()),
            field(
                REBALANCING,
                "Rééquilibrage",
                "De 0 (chacun garde son taux) à 1 (tous prennent le taux visé)",
                &self.rebalancing,
            ),
            field(
                "reference",
                "Taux visé pour 1 000 habitants",
                "Celui de l’ensemble si vide",
                &self.reference,
            ),
            field(
                "tendance",
                "Tendance annuelle (%)",
                "Du taux brut",
                &self.trend,
            ),
            field(
                "inadequation",
                "Facteur d’inadéquation",
                "1 ne corrige rien",
                &self.inadequacy,
            ),
            field(
                "habitants",
                "Évolution du nombre d’habitants (%)",
                "D’ici l’horizon, partout la même",
                &self.growth,
            ),
        ]
    }

    /// Asks for rates and flows, and makes of them what a projection is computed from, with the codes of the
    /// territories that are left out.
    pub(super) async fn gather(
        &self,
        services: &Services,
    ) -> Result<(ProjectionInput, Vec<String>), Status> {
        let growth = growth(&self.growth)?;
        let of_rates = ComputeRatesRequest {
            basis: Some(self.basis.clone()),
        };
        let of_flows = ComputeFlowsRequest {
            field: self.basis.field,
            year: self.basis.year,
            unit: self.basis.unit,
            territory_version: self.basis.territory_version.clone(),
            activity: self.proposal.activity.clone(),
            by_establishment: self.by_establishment,
        };
        let (mut rates, mut flows) = (services.rates(), services.rates());
        let (rates, flows) = tokio::join!(
            rates.compute_rates(within(of_rates)),
            flows.compute_flows(within(of_flows))
        );
        let (rates, flows) = (rates?.into_inner(), flows?.into_inner());
        let (input, left_out) = self.input(&rates.rates, &flows, growth);
        if input.territories.is_empty() {
            return Err(wrong(
                "year",
                "Aucun territoire n’a de taux ni de flux connus pour cette activité cette année-là.",
            ));
        }
        Ok((input, left_out))
    }

    fn input(
        &self,
        rates: &[Rate],
        flows: &ComputeFlowsResponse,
        growth: Decimal,
    ) -> (ProjectionInput, Vec<String>) {
        let flows_of = |code: &str| -> Vec<Flow> {
            let leaving: Vec<(&str, i64)> = if self.by_establishment {
                let leaving = flows.establishment_flows.iter();
                let leaving = leaving.filter(|one| one.from == code);
                leaving
                    .map(|one| (one.finess.as_str(), one.cases))
                    .collect()
            } else {
                let cells = flows.cells.iter();
                let leaving = cells.filter(|cell| cell.from == code && cell.cases > 0);
                leaving.map(|cell| (cell.to.as_str(), cell.cases)).collect()
            };
            together(leaving)
                .into_iter()
                .map(|(producer, cases)| Flow {
                    territory: code.to_owned(),
                    producer,
                    cases: cases.to_string(),
                })
                .collect()
        };
        let (mut kept, mut others, mut leaving) = (Vec::new(), Vec::new(), Vec::new());
        for rate in rates {
            let is_known = rate.state() == RateState::Known && rate.population > 0;
            let flows = flows_of(&rate.territory);
            if is_known && !figure(rate.direct).is_zero() && !flows.is_empty() {
                kept.push(rate);
                leaving.extend(flows);
            } else {
                others.push(rate);
            }
        }
        let reference = match decimal(&self.reference).as_str() {
            "" => whole_rate(&kept).to_string(),
            typed => typed.to_owned(),
        };
        let input = ProjectionInput {
            activity: self.proposal.activity.clone(),
            unit: self.basis.unit,
            parameters: Some(ProjectionParameters {
                rebalancing: decimal(&self.rebalancing),
                reference_rate: reference,
                yearly_trend_percent: decimal(&self.trend),
                inadequacy_factor: decimal(&self.inadequacy),
                base_year: self.basis.year,
                horizon: self.horizon,
            }),
            territories: kept
                .iter()
                .map(|rate| ProjectedTerritory {
                    territory: rate.territory.clone(),
                    population: grown(rate.population, growth),
                    crude_rate: figure(rate.crude).to_string(),
                    standardised_rate: figure(rate.direct).to_string(),
                })
                .collect(),
            flows: leaving,
            source: format!(
                "Taux et flux de {} ({}), {}, {}\u{202f}% d’habitants d’ici {}",
                self.basis.year,
                flows.data_version,
                self.basis.population,
                numbers::signed(growth),
                self.horizon
            ),
        };
        let left_out = others.iter().map(|rate| rate.territory.clone());
        (input, left_out.collect())
    }
}

/// Cases by producer, small flows together with the next ones until they are no small count; none where all of them
/// are one.
fn together(mut flows: Vec<(&str, i64)>) -> Vec<(String, i64)> {
    flows.sort_by_key(|(_, cases)| *cases);
    let (mut small, mut rest) = (0, Vec::new());
    for (producer, cases) in flows {
        let is_small = cases <= SMALL || (1..=SMALL).contains(&small);
        if is_small {
            small += cases;
        } else {
            let producer = if producer.is_empty() {
                OUTSIDE
            } else {
                producer
            };
            rest.push((producer.to_owned(), cases));
        }
    }
    match small {
        0 => rest,
        1..=SMALL => Vec::new(),
        small => {
            rest.push((OTHERS.to_owned(), small));
            rest
        }
    }
}

/// A rate as a projection takes it.
fn figure(rate: f64) -> Decimal {
    numbers::rounded(rate, 4)
}

/// The rate of all the territories together.
fn whole_rate(rates: &[&Rate]) -> Decimal {
    let cases: i64 = rates.iter().map(|rate| rate.cases).sum();
    let inhabitants: i64 = rates.iter().map(|rate| rate.population).sum();
    let rate = (Decimal::from(cases) * Decimal::ONE_THOUSAND).checked_div(inhabitants.into());
    rate.unwrap_or_default().round_dp(4)
}

fn growth(typed: &str) -> Result<Decimal, Status> {
    let most = Decimal::from(MOST_GROWTH);
    numbers::parse(typed)
        .filter(|growth| growth.abs() < most)
        .ok_or_else(|| wrong("habitants", "Un nombre entre −100 et 100 est attendu."))
}

/// Inhabitants at the horizon.
fn grown(inhabitants: i64, percent: Decimal) -> i64 {
    let factor = Decimal::ONE + percent / Decimal::ONE_HUNDRED;
    let grown = (Decimal::from(inhabitants) * factor).round();
    i64::try_from(grown).unwrap_or(inhabitants).max(1)
}

#[cfg(test)]
mod tests;
