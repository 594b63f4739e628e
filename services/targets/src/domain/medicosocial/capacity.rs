//! Places: authorised, installed and financed are three figures that differ, each dated, and never mixed.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use kernel::{Decimal, Finess};
use serde::{Deserialize, Serialize};
use time::{Date, Month};

use super::MedicosocialRefusal;
use crate::domain::{
    Defect,
    texts::{text_of, value_of},
};

/// Which of the three capacities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CapacityKind {
    /// Capacité autorisée.
    Authorised,
    /// Capacité installée.
    Installed,
    /// Capacité financée.
    Financed,
}

impl CapacityKind {
    pub const ALL: [(Self, &'static str); 3] = [
        (Self::Authorised, "authorised"),
        (Self::Installed, "installed"),
        (Self::Financed, "financed"),
    ];

    pub fn as_str(self) -> &'static str {
        text_of(&Self::ALL, self)
    }

    pub fn from_text(text: &str) -> Option<Self> {
        value_of(&Self::ALL, text)
    }
}

/// How people are received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceptionMode {
    /// Hébergement permanent.
    Permanent,
    /// Hébergement temporaire.
    Temporary,
    /// Accueil de jour.
    Day,
    /// Internat.
    Boarding,
    /// Semi-internat et externat.
    SemiBoarding,
    /// Prestation en milieu ordinaire.
    Home,
}

impl ReceptionMode {
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Permanent, "permanent"),
        (Self::Temporary, "temporary"),
        (Self::Day, "day"),
        (Self::Boarding, "boarding"),
        (Self::SemiBoarding, "semi_boarding"),
        (Self::Home, "home"),
    ];

    pub fn as_str(self) -> &'static str {
        text_of(&Self::ALL, self)
    }

    pub fn from_text(text: &str) -> Option<Self> {
        value_of(&Self::ALL, text)
    }
}

/// Whom places are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CarePublic {
    /// Personnes âgées.
    OlderPeople,
    /// Enfants handicapés.
    DisabledChildren,
    /// Adultes handicapés.
    DisabledAdults,
    /// Addictions, précarité.
    SpecificDifficulties,
}

impl CarePublic {
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::OlderPeople, "older_people"),
        (Self::DisabledChildren, "disabled_children"),
        (Self::DisabledAdults, "disabled_adults"),
        (Self::SpecificDifficulties, "specific_difficulties"),
    ];

    pub fn as_str(self) -> &'static str {
        text_of(&Self::ALL, self)
    }

    pub fn from_text(text: &str) -> Option<Self> {
        value_of(&Self::ALL, text)
    }
}

/// Places of one line of an establishment, from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capacity {
    pub establishment: Finess,
    /// The line within the establishment: a FINESS triplet, for example `permanent`, `uhr`.
    pub line: String,
    /// FINESS category.
    pub category: String,
    pub kind: CapacityKind,
    pub mode: ReceptionMode,
    pub public: CarePublic,
    pub places: i32,
    /// Days of opening in a year; none for every day.
    pub opening_days: Option<i32>,
    pub valid_from: Date,
    /// INSEE code.
    pub commune: String,
    /// National plans the places come from.
    pub plans: Vec<String>,
    /// The act they stand in.
    pub decision: String,
}

/// Checks that no line stands twice for the same kind and day: which of the two would be right?
///
/// # Errors
/// [`MedicosocialRefusal::Capacities`].
pub fn check(capacities: &[Capacity]) -> Result<(), MedicosocialRefusal> {
    let mut seen = HashSet::new();
    let defects: Vec<Defect> = capacities
        .iter()
        .enumerate()
        .filter(|(_, capacity)| {
            !seen.insert((
                capacity.establishment,
                &capacity.line,
                capacity.kind,
                capacity.valid_from,
            ))
        })
        .map(|(place, capacity)| Defect {
            field: format!("capacities[{place}]"),
            reason: "CAPACITY_TWICE",
            explanation: format!(
                "line {} of {} stands twice for the same kind and day",
                capacity.line, capacity.establishment
            ),
        })
        .collect();
    if defects.is_empty() {
        return Ok(());
    }
    Err(MedicosocialRefusal::Capacities(defects))
}

/// Days in a row with the same places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    pub first_day: Date,
    pub last_day: Date,
    /// Places that are authorised and financed: line by line, the smaller of the two.
    pub places: i32,
    pub authorised: i32,
    pub financed: i32,
    /// Days that could have been realised.
    pub theoretical_days: Decimal,
}

/// The stretches of a year for one mode of one establishment.
///
/// `capacities` are the records of that establishment and mode that are in force at some time of the year, at most one
/// for each line, kind and first day. A line that was recorded for one of the two kinds only is not known, unless it
/// has no place.
///
/// # Errors
/// [`MedicosocialRefusal::CapacityUnknown`].
pub fn stretches(
    establishment: Finess,
    capacities: &[Capacity],
    year: i16,
) -> Result<Vec<Stretch>, MedicosocialRefusal> {
    let (first, last) = bounds_of(year);
    let mut lines: BTreeMap<&str, Vec<&Capacity>> = BTreeMap::new();
    for capacity in capacities {
        lines.entry(&capacity.line).or_default().push(capacity);
    }
    let mut starts: BTreeSet<Date> = capacities
        .iter()
        .map(|capacity| capacity.valid_from)
        .filter(|day| (first..=last).contains(day))
        .collect();
    starts.insert(first);
    let starts: Vec<Date> = starts.into_iter().collect();
    let ends = starts
        .iter()
        .skip(1)
        .map(|next| next.previous_day().unwrap_or(*next))
        .chain([last]);
    starts
        .iter()
        .zip(ends)
        .map(|(first_day, last_day)| stretch(establishment, &lines, *first_day, last_day))
        .collect()
}

fn stretch(
    establishment: Finess,
    lines: &BTreeMap<&str, Vec<&Capacity>>,
    first_day: Date,
    last_day: Date,
) -> Result<Stretch, MedicosocialRefusal> {
    let days = Decimal::from((last_day - first_day).whole_days() + 1);
    let mut stretch = Stretch {
        first_day,
        last_day,
        places: 0,
        authorised: 0,
        financed: 0,
        theoretical_days: Decimal::ZERO,
    };
    for (line, records) in lines {
        let current = |kind| current(records, kind, first_day);
        let (authorised, financed) = match (
            current(CapacityKind::Authorised),
            current(CapacityKind::Financed),
        ) {
            (None, None) => continue,
            (Some(authorised), Some(financed)) => (authorised, financed),
            (Some(known), None) | (None, Some(known)) if known.places == 0 => (known, known),
            (Some(_), None) => {
                let kind = CapacityKind::Financed;
                return Err(MedicosocialRefusal::unknown(
                    establishment,
                    line,
                    kind,
                    first_day,
                ));
            }
            (None, Some(_)) => {
                let kind = CapacityKind::Authorised;
                return Err(MedicosocialRefusal::unknown(
                    establishment,
                    line,
                    kind,
                    first_day,
                ));
            }
        };
        let places = authorised.places.min(financed.places);
        let year_days = Decimal::from(days_in_year(first_day.year()));
        let opening = authorised
            .opening_days
            .map_or(year_days, Decimal::from)
            .min(year_days);
        stretch.places += places;
        stretch.authorised += authorised.places;
        stretch.financed += financed.places;
        stretch.theoretical_days += Decimal::from(places) * days * opening / year_days;
    }
    Ok(stretch)
}

/// The record of a kind in force on a day.
fn current<'a>(records: &[&'a Capacity], kind: CapacityKind, day: Date) -> Option<&'a Capacity> {
    records
        .iter()
        .filter(|record| record.kind == kind && record.valid_from <= day)
        .max_by_key(|record| record.valid_from)
        .copied()
}

/// First and last day of a year.
pub fn bounds_of(year: i16) -> (Date, Date) {
    let day =
        |month, day| Date::from_calendar_date(i32::from(year), month, day).unwrap_or(Date::MIN);
    (day(Month::January, 1), day(Month::December, 31))
}

/// 365, or 366 in a leap year.
pub fn days_in_year(year: i32) -> u16 {
    time::util::days_in_year(year)
}

#[cfg(test)]
pub(crate) mod tests;
