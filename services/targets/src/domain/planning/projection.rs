//! From what people of a territory consume to what establishments produce (DGOS guide of 21 December 2011).
//!
//! ```text
//! target standardised rate = standardised + rebalancing × (reference − standardised)
//! target crude rate        = crude × target / standardised × (1 + trend)^(horizon − base year) × inadequacy
//! consumption              = population at the horizon / 1,000 × target crude rate
//! production of e          = Σ over territories of consumption × share of the territory’s flow that goes to e
//! ```
//!
//! Every parameter is set by people and shown with the result. Ageing alone is not projected mechanically: the guide
//! warns that it underestimates technological activities and overestimates medicine.

use std::collections::{BTreeMap, HashMap, HashSet};

use kernel::Decimal;
use serde::{Deserialize, Serialize};

use super::PlanningRefusal;
use crate::domain::{Defect, Unit};

/// What people set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameters {
    /// 0: each territory keeps its rate; 1: all take the reference.
    pub rebalancing: Decimal,
    /// Standardised rate that is aimed at, per 1,000.
    pub reference_rate: Decimal,
    /// Trend of the crude rate, percent a year.
    pub yearly_trend_percent: Decimal,
    /// Corrects inadequate stays; 1 corrects nothing.
    pub inadequacy_factor: Decimal,
    pub base_year: i16,
    pub horizon: i16,
}

/// A territory of residence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Residence {
    pub territory: String,
    /// Inhabitants at the horizon.
    pub population: i64,
    /// Per 1,000, in the base year.
    pub crude_rate: Decimal,
    pub standardised_rate: Decimal,
}

/// Cases of the residents of a territory at one producer, observed or negotiated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    pub territory: String,
    pub producer: String,
    pub cases: Decimal,
}

/// What a projection is computed from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectionInput {
    pub activity: String,
    pub unit: Unit,
    pub parameters: Parameters,
    pub territories: Vec<Residence>,
    pub flows: Vec<Flow>,
    /// Where rates, population and flows come from.
    pub source: String,
}

/// What follows. Rates to four decimals, volumes to one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Projection {
    pub consumption: Vec<Consumption>,
    pub production: Vec<Production>,
}

/// Consumption of a territory at the horizon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consumption {
    pub territory: String,
    pub target_standardised_rate: Decimal,
    pub target_crude_rate: Decimal,
    pub consumption: Decimal,
}

/// Production at the horizon, in the order of the producers’ names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Production {
    pub producer: String,
    pub current: Decimal,
    pub production: Decimal,
    /// Percent of the current cases; none where there is none.
    pub change_percent: Option<Decimal>,
}

/// Years between base and horizon, at most: beyond, a compounded trend means nothing.
const MAX_YEARS: i16 = 30;
const RATE_DECIMALS: u32 = 4;
const VOLUME_DECIMALS: u32 = 1;

/// Computes production from consumption.
///
/// # Errors
/// [`PlanningRefusal::Defects`]: territories and flows that do not match, a horizon that is not after, figures out of
/// all proportion.
pub fn project(input: &ProjectionInput) -> Result<Projection, PlanningRefusal> {
    super::sound(check(input))?;
    compute(input).ok_or_else(|| {
        PlanningRefusal::Defects(vec![defect(
            "territories",
            "OUT_OF_RANGE",
            "the figures are out of all proportion".to_owned(),
        )])
    })
}

fn compute(input: &ProjectionInput) -> Option<Projection> {
    let parameters = &input.parameters;
    let growth = trend(parameters)?;
    let mut volumes: HashMap<&str, Decimal> = HashMap::new();
    let mut consumption = Vec::with_capacity(input.territories.len());
    for residence in &input.territories {
        let standardised = residence.standardised_rate;
        let target = standardised
            .checked_add(parameters.rebalancing * (parameters.reference_rate - standardised))?;
        let crude = residence
            .crude_rate
            .checked_mul(target)?
            .checked_div(standardised)?
            .checked_mul(growth)?
            .checked_mul(parameters.inadequacy_factor)?;
        let volume = crude
            .checked_mul(residence.population.into())?
            .checked_div(Decimal::ONE_THOUSAND)?;
        volumes.insert(&residence.territory, volume);
        consumption.push(Consumption {
            territory: residence.territory.clone(),
            target_standardised_rate: target.round_dp(RATE_DECIMALS),
            target_crude_rate: crude.round_dp(RATE_DECIMALS),
            consumption: volume.round_dp(VOLUME_DECIMALS),
        });
    }
    Some(Projection {
        consumption,
        production: produce(&input.flows, &volumes)?,
    })
}

fn trend(parameters: &Parameters) -> Option<Decimal> {
    let yearly = Decimal::ONE + parameters.yearly_trend_percent / Decimal::ONE_HUNDRED;
    (parameters.base_year..parameters.horizon).try_fold(Decimal::ONE, |growth, _| {
        Some(growth.checked_mul(yearly)?.round_dp(12))
    })
}

fn produce(flows: &[Flow], volumes: &HashMap<&str, Decimal>) -> Option<Vec<Production>> {
    let mut leaving: HashMap<&str, Decimal> = HashMap::new();
    for flow in flows {
        *leaving.entry(&flow.territory).or_default() += flow.cases;
    }
    let mut producers: BTreeMap<&str, (Decimal, Decimal)> = BTreeMap::new();
    for flow in flows {
        let volume = volumes.get(flow.territory.as_str())?;
        let all = leaving.get(flow.territory.as_str())?;
        let (current, production) = producers.entry(&flow.producer).or_default();
        *current += flow.cases;
        *production += volume.checked_mul(flow.cases.checked_div(*all)?)?;
    }
    let rows = producers
        .into_iter()
        .map(|(producer, (current, production))| Production {
            producer: producer.to_owned(),
            current,
            production: production.round_dp(VOLUME_DECIMALS),
            change_percent: ((production - current) * Decimal::ONE_HUNDRED)
                .checked_div(current)
                .map(|percent| percent.round_dp(2)),
        });
    Some(rows.collect())
}

fn check(input: &ProjectionInput) -> Vec<Defect> {
    let mut defects = Vec::new();
    let Parameters {
        base_year, horizon, ..
    } = input.parameters;
    if horizon <= base_year || horizon - base_year > MAX_YEARS {
        defects.push(defect(
            "parameters.horizon",
            "HORIZON_OUT_OF_REACH",
            format!("must be one to {MAX_YEARS} years after {base_year}"),
        ));
    }
    let mut known = HashSet::new();
    for (place, residence) in input.territories.iter().enumerate() {
        if !known.insert(residence.territory.as_str()) {
            let explanation = format!("{} stands twice", residence.territory);
            defects.push(defect(
                &format!("territories[{place}]"),
                "TERRITORY_TWICE",
                explanation,
            ));
        }
        if residence.standardised_rate.is_zero() {
            defects.push(defect(
                &format!("territories[{place}].standardised_rate"),
                "RATE_IS_ZERO",
                "nothing can be rebalanced from a rate of zero".to_owned(),
            ));
        }
    }
    let mut seen = HashSet::new();
    let mut leaving: HashSet<&str> = HashSet::new();
    for (place, flow) in input.flows.iter().enumerate() {
        if !known.contains(flow.territory.as_str()) {
            let explanation = format!("{} is not among the territories", flow.territory);
            defects.push(defect(
                &format!("flows[{place}].territory"),
                "UNKNOWN_TERRITORY",
                explanation,
            ));
        }
        if !seen.insert((&flow.territory, &flow.producer)) {
            let explanation = format!("from {} to {} stands twice", flow.territory, flow.producer);
            defects.push(defect(
                &format!("flows[{place}]"),
                "FLOW_TWICE",
                explanation,
            ));
        }
        if !flow.cases.is_zero() {
            leaving.insert(&flow.territory);
        }
    }
    for (place, residence) in input.territories.iter().enumerate() {
        if !leaving.contains(residence.territory.as_str()) {
            let explanation = format!(
                "nothing says where the residents of {} are cared for",
                residence.territory
            );
            defects.push(defect(
                &format!("territories[{place}]"),
                "NO_FLOW",
                explanation,
            ));
        }
    }
    defects
}

fn defect(field: &str, reason: &'static str, explanation: String) -> Defect {
    Defect {
        field: format!("input.{field}"),
        reason,
        explanation,
    }
}

#[cfg(test)]
mod tests;
