//! Equipment of territories: places per 1,000 people of the ages concerned, the share in ordinary surroundings, and
//! how unequal territories are, before and after a scenario.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Decimal;

use super::{CapacityKind, CarePublic, MedicosocialRefusal, ReceptionMode};

/// The ages a rate is per 1,000 of: the youngest and, when there is one, the oldest.
pub fn ages(public: CarePublic) -> (i16, Option<i16>) {
    match public {
        CarePublic::OlderPeople => (75, None),
        CarePublic::DisabledChildren => (0, Some(19)),
        CarePublic::DisabledAdults | CarePublic::SpecificDifficulties => (20, Some(59)),
    }
}

/// A territory and the people of the ages concerned who live there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inhabited {
    /// Resource name.
    pub territory: String,
    pub title: String,
    pub population: i64,
}

/// Places of one kind and mode in a territory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub territory: String,
    pub kind: CapacityKind,
    pub mode: ReceptionMode,
    pub places: i64,
}

/// Places to imagine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub territory: String,
    pub mode: ReceptionMode,
    /// Negative for a closure.
    pub places: i64,
}

/// One territory, as it is and as it would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerritoryNeeds {
    pub inhabited: Inhabited,
    pub authorised: i64,
    pub installed: i64,
    pub financed: i64,
    pub before: Rates,
    pub after: Rates,
}

/// What is computed for a territory; none where the denominator is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rates {
    /// Places per 1,000.
    pub equipment: Option<Decimal>,
    /// Percent of places in ordinary surroundings.
    pub home_share: Option<Decimal>,
}

/// How unequal territories are; none where it cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dispersion {
    /// All places per 1,000 of all people.
    pub regional: Option<Decimal>,
    pub lowest: Option<Decimal>,
    pub highest: Option<Decimal>,
    /// Highest over lowest.
    pub ratio: Option<Decimal>,
    /// Coefficient of variation between territories, in percent.
    pub variation: Option<Decimal>,
    /// Widest distance of a territory to the regional rate.
    pub widest_gap: Option<Decimal>,
}

/// Needs of a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    pub territories: Vec<TerritoryNeeds>,
    pub before: Dispersion,
    pub after: Dispersion,
}

/// Places by mode, for one territory.
type ByMode = BTreeMap<ReceptionMode, i64>;

/// Computes the needs of territories, in the order given, for the places of one kind.
///
/// # Errors
/// [`MedicosocialRefusal::UnknownTerritory`], [`MedicosocialRefusal::TooFewPlaces`].
pub fn compute(
    territories: &[Inhabited],
    places: &[Placed],
    kind: CapacityKind,
    scenario: &[Change],
) -> Result<Needs, MedicosocialRefusal> {
    let known: BTreeSet<&str> = territories
        .iter()
        .map(|inhabited| inhabited.territory.as_str())
        .collect();
    let mut before: BTreeMap<&str, ByMode> = BTreeMap::new();
    for placed in places.iter().filter(|placed| placed.kind == kind) {
        let modes = before.entry(&placed.territory).or_default();
        *modes.entry(placed.mode).or_default() += placed.places;
    }
    let mut after = before.clone();
    for change in scenario {
        if !known.contains(change.territory.as_str()) {
            return Err(MedicosocialRefusal::UnknownTerritory(
                change.territory.clone(),
            ));
        }
        let modes = after.entry(&change.territory).or_default();
        *modes.entry(change.mode).or_default() += change.places;
    }
    if let Some((territory, _)) = after
        .iter()
        .find(|(_, modes)| modes.values().any(|places| *places < 0))
    {
        return Err(MedicosocialRefusal::TooFewPlaces((*territory).to_owned()));
    }
    let none = ByMode::new();
    let modes_of =
        |all: &BTreeMap<&str, ByMode>, territory: &str| all.get(territory).unwrap_or(&none).clone();
    let before_totals: Vec<(i64, i64)> = totals(territories, |name| modes_of(&before, name));
    let after_totals: Vec<(i64, i64)> = totals(territories, |name| modes_of(&after, name));
    let dispersions = (dispersion(&before_totals), dispersion(&after_totals));
    let rows = territories
        .iter()
        .map(|inhabited| {
            let name = inhabited.territory.as_str();
            TerritoryNeeds {
                inhabited: inhabited.clone(),
                authorised: of_kind(places, name, CapacityKind::Authorised),
                installed: of_kind(places, name, CapacityKind::Installed),
                financed: of_kind(places, name, CapacityKind::Financed),
                before: rates(inhabited.population, &modes_of(&before, name)),
                after: rates(inhabited.population, &modes_of(&after, name)),
            }
        })
        .collect();
    Ok(Needs {
        territories: rows,
        before: dispersions.0,
        after: dispersions.1,
    })
}

fn of_kind(places: &[Placed], territory: &str, kind: CapacityKind) -> i64 {
    places
        .iter()
        .filter(|placed| placed.territory == territory && placed.kind == kind)
        .map(|placed| placed.places)
        .sum()
}

/// Places and people of each territory.
fn totals(territories: &[Inhabited], modes: impl Fn(&str) -> ByMode) -> Vec<(i64, i64)> {
    territories
        .iter()
        .map(|inhabited| {
            let places = modes(&inhabited.territory).values().sum();
            (places, inhabited.population)
        })
        .collect()
}

fn rates(population: i64, modes: &ByMode) -> Rates {
    let all: i64 = modes.values().sum();
    let home = modes.get(&ReceptionMode::Home).copied().unwrap_or_default();
    Rates {
        equipment: per_thousand(all, population).map(|rate| rate.round_dp(2)),
        home_share: (Decimal::from(home) * Decimal::ONE_HUNDRED)
            .checked_div(all.into())
            .map(|share| share.round_dp(2)),
    }
}

fn per_thousand(places: i64, population: i64) -> Option<Decimal> {
    (Decimal::from(places) * Decimal::ONE_THOUSAND).checked_div(population.into())
}

/// The dispersion of territories given as places and people. The coefficient of variation gives each territory the
/// same weight: it is about territories, not about people.
pub fn dispersion(totals: &[(i64, i64)]) -> Dispersion {
    let rates: Vec<Decimal> = totals
        .iter()
        .filter_map(|(places, population)| per_thousand(*places, *population))
        .collect();
    let regional = per_thousand(
        totals.iter().map(|(places, _)| places).sum(),
        totals.iter().map(|(_, population)| population).sum(),
    );
    let lowest = rates.iter().min().copied();
    let highest = rates.iter().max().copied();
    let rounded = |value: Option<Decimal>| value.map(|value| value.round_dp(2));
    let widest_gap =
        regional.and_then(|regional| rates.iter().map(|rate| (rate - regional).abs()).max());
    Dispersion {
        regional: rounded(regional),
        lowest: rounded(lowest),
        highest: rounded(highest),
        ratio: rounded(
            highest
                .zip(lowest)
                .and_then(|(highest, lowest)| highest.checked_div(lowest)),
        ),
        variation: rounded(variation(&rates)),
        widest_gap: rounded(widest_gap),
    }
}

/// Standard deviation over mean, in percent.
fn variation(rates: &[Decimal]) -> Option<Decimal> {
    let count = Decimal::from(rates.len());
    let mean = rates.iter().sum::<Decimal>().checked_div(count)?;
    let squares: Decimal = rates.iter().map(|rate| (rate - mean) * (rate - mean)).sum();
    let deviation = square_root(squares.checked_div(count)?);
    (deviation * Decimal::ONE_HUNDRED).checked_div(mean)
}

/// Newton’s iteration, which more than halves the error each time; a hundred rounds are plenty for any rate.
fn square_root(value: Decimal) -> Decimal {
    if value <= Decimal::ZERO {
        return Decimal::ZERO;
    }
    let mut root = value.max(Decimal::ONE);
    for _ in 0..100 {
        let next = ((root + value / root) / Decimal::TWO).round_dp(12);
        if next == root || next.is_zero() {
            break;
        }
        root = next;
    }
    root
}

#[cfg(test)]
mod tests;
