//! How far a measure may be from its target before a person looks at it.
//!
//! No national band exists (no statutory text gives one): these are regional settings, dated and
//! reasoned, recorded as policies and never as constants.

use std::collections::BTreeSet;

use kernel::Decimal;
use serde::{Deserialize, Serialize};

use super::{objective::Unit, quantity::Quantity};

/// Settings of a tolerance policy, checked. Percentages are shares of the target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Draft", into = "Draft")]
pub struct ToleranceRules(Draft);

/// The same settings before they are checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Years to which the policy applies, both included.
    pub first_year: i32,
    pub last_year: i32,
    /// For the objectives that no other band is about.
    #[serde(flatten)]
    pub usual: Band,
    /// For some types of objectives.
    #[serde(default)]
    pub bands: Vec<TypedBand>,
    /// Years that are measured and never judged.
    #[serde(default)]
    pub neutralised: Vec<NeutralisedYear>,
    /// After how many years in a row a deviation is looked at first; 0 for never.
    #[serde(default)]
    pub priority_after_years: u32,
    /// Deviations that chance alone may explain are not judged.
    #[serde(default)]
    pub chance_excluded: bool,
}

/// How far from its target a measure may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// A deviation from a point target up to this share of it conforms. A target that is an interval is its
    /// own tolerance.
    pub conforming_percent: Decimal,
    /// A deviation up to this share is minor; beyond it, major.
    pub minor_percent: Decimal,
    /// A count of activity is not judged when target and value are both under this.
    pub minimum_count: Decimal,
}

impl Band {
    /// Whether a count is too small to be told from chance.
    pub fn is_small(&self, count: Quantity) -> bool {
        count.value() < self.minimum_count
    }
}

/// A band for the objectives that count one of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedBand {
    pub units: Vec<Unit>,
    #[serde(flatten)]
    pub band: Band,
}

/// A year that is measured and never judged, for example that of an epidemic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeutralisedYear {
    pub year: i32,
    pub reasons: String,
}

/// What is wrong with a setting: one defect per field, so that a person corrects them all at once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{explanation}")]
pub struct Defect {
    pub field: String,
    pub explanation: String,
}

/// All that is wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the tolerance rules are not consistent: {}", self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct Inconsistent(pub Vec<Defect>);

const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;
/// Three digits before the point, four after: see [`Quantity`] for why that keeps comparisons exact.
const PERCENT_LIMIT: i64 = 1_000;
const COUNT_LIMIT: i64 = 1_000_000;
const MAX_SCALE: u32 = 4;

impl ToleranceRules {
    pub fn first_year(&self) -> i32 {
        self.0.first_year
    }

    pub fn last_year(&self) -> i32 {
        self.0.last_year
    }

    /// The settings of objectives that no other band is about.
    pub fn usual(&self) -> &Band {
        &self.0.usual
    }

    /// The settings of some types of objectives.
    pub fn bands(&self) -> &[TypedBand] {
        &self.0.bands
    }

    /// The settings of objectives that count `unit`.
    pub fn band(&self, unit: Unit) -> &Band {
        let typed = self.0.bands.iter().find(|band| band.units.contains(&unit));
        typed.map_or(&self.0.usual, |typed| &typed.band)
    }

    /// Years that are measured and never judged.
    pub fn neutralised_years(&self) -> &[NeutralisedYear] {
        &self.0.neutralised
    }

    /// Why `year` is not judged, if it is not.
    pub fn neutralised(&self, year: i32) -> Option<&str> {
        let found = self.0.neutralised.iter().find(|n| n.year == year);
        found.map(|n| n.reasons.as_str())
    }

    /// The last year before `year` that is judged.
    pub fn judged_year_before(&self, year: i32) -> i32 {
        let mut before = year - 1;
        while self.neutralised(before).is_some() {
            before -= 1;
        }
        before
    }

    pub fn priority_after_years(&self) -> u32 {
        self.0.priority_after_years
    }

    pub fn chance_excluded(&self) -> bool {
        self.0.chance_excluded
    }

    /// Whether a deviation that lasts for so many years is looked at first.
    pub fn is_priority(&self, consecutive_years: u32) -> bool {
        self.0.priority_after_years > 0 && consecutive_years >= self.0.priority_after_years
    }

    /// Whether the policy may be used to control `year`.
    pub fn covers(&self, year: i32) -> bool {
        (self.0.first_year..=self.0.last_year).contains(&year)
    }
}

impl TryFrom<Draft> for ToleranceRules {
    type Error = Inconsistent;

    fn try_from(mut draft: Draft) -> Result<Self, Self::Error> {
        let mut defects = Defects::default();
        for (field, year) in [
            ("first_year", draft.first_year),
            ("last_year", draft.last_year),
        ] {
            defects.check_year(field, year);
        }
        if draft.last_year < draft.first_year {
            defects.add(
                "last_year",
                format!(
                    "{} is before the first year, {}",
                    draft.last_year, draft.first_year
                ),
            );
        }
        defects.check_band("", &mut draft.usual);
        let mut units = BTreeSet::new();
        for (place, typed) in draft.bands.iter_mut().enumerate() {
            let path = format!("bands[{place}].");
            defects.check_band(&path, &mut typed.band);
            if typed.units.is_empty() {
                defects.add(format!("{path}units"), "names no type of objective");
            }
            for unit in &typed.units {
                if !units.insert(*unit) {
                    let explanation = format!("{unit:?} stands in two bands: which one applies?");
                    defects.add(format!("{path}units"), explanation);
                }
            }
        }
        let mut years = BTreeSet::new();
        for (place, neutralised) in draft.neutralised.iter().enumerate() {
            let path = format!("neutralised_years[{place}]");
            defects.check_year(format!("{path}.year"), neutralised.year);
            if !years.insert(neutralised.year) {
                let explanation = format!("{} is neutralised twice", neutralised.year);
                defects.add(format!("{path}.year"), explanation);
            }
            if !neutralised.reasons.chars().any(char::is_alphanumeric) {
                defects.add(format!("{path}.reasons"), "written reasons are required");
            }
        }
        if defects.0.is_empty() {
            Ok(Self(draft))
        } else {
            Err(Inconsistent(defects.0))
        }
    }
}

/// Collects all that is wrong.
#[derive(Default)]
struct Defects(Vec<Defect>);

impl Defects {
    fn add(&mut self, field: impl Into<String>, explanation: impl Into<String>) {
        self.0.push(Defect {
            field: field.into(),
            explanation: explanation.into(),
        });
    }

    fn check_year(&mut self, field: impl Into<String>, year: i32) {
        if !YEARS.contains(&year) {
            self.add(field, format!("{year} is not a year between 1990 and 2100"));
        }
    }

    /// Numbers in range and in order. `path` is written before the names of the fields.
    fn check_band(&mut self, path: &str, band: &mut Band) {
        for (field, number, limit) in [
            (
                "conforming_percent",
                &mut band.conforming_percent,
                PERCENT_LIMIT,
            ),
            ("minor_percent", &mut band.minor_percent, PERCENT_LIMIT),
            ("minimum_count", &mut band.minimum_count, COUNT_LIMIT),
        ] {
            *number = number.normalize();
            let in_range = (Decimal::ZERO..Decimal::from(limit)).contains(number);
            if !in_range || number.scale() > MAX_SCALE {
                let explanation = format!(
                    "{number} is not between 0 and {limit} (excluded) with at most 4 decimals"
                );
                self.add(format!("{path}{field}"), explanation);
            }
        }
        if band.minor_percent < band.conforming_percent {
            let explanation = format!(
                "a minor deviation ({} %) cannot be narrower than a conforming one ({} %)",
                band.minor_percent, band.conforming_percent
            );
            self.add(format!("{path}minor_percent"), explanation);
        }
    }
}

impl From<ToleranceRules> for Draft {
    fn from(rules: ToleranceRules) -> Self {
        rules.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft {
            first_year: 2023,
            last_year: 2027,
            usual: band(5, 10, 30),
            ..Draft::default()
        }
    }

    fn band(conforming: i64, minor: i64, count: i64) -> Band {
        Band {
            conforming_percent: conforming.into(),
            minor_percent: minor.into(),
            minimum_count: count.into(),
        }
    }

    #[test]
    fn the_usual_settings_are_accepted_and_dated() {
        let rules = ToleranceRules::try_from(draft()).unwrap();
        assert!(
            !rules.covers(2022) && rules.covers(2023) && rules.covers(2027) && !rules.covers(2028)
        );
    }

    #[test]
    fn equal_bands_leave_no_room_for_minor_and_are_accepted() {
        let rules = Draft {
            usual: band(5, 5, 30),
            ..draft()
        };
        assert!(ToleranceRules::try_from(rules).is_ok());
    }

    #[test]
    fn every_defect_is_told_with_its_field() {
        let wrong = Draft {
            first_year: 1789,
            last_year: 1788,
            usual: Band {
                minimum_count: Decimal::new(1, 5),
                ..band(-5, -10, 0)
            },
            ..Draft::default()
        };
        let Inconsistent(defects) = ToleranceRules::try_from(wrong).unwrap_err();
        let fields: Vec<_> = defects.iter().map(|d| d.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "first_year",
                "last_year",
                "last_year",
                "conforming_percent",
                "minor_percent",
                "minimum_count",
                "minor_percent"
            ]
        );
    }

    #[test]
    fn a_narrower_minor_band_is_refused() {
        let wrong = Draft {
            usual: band(5, 4, 30),
            ..draft()
        };
        let Inconsistent(defects) = ToleranceRules::try_from(wrong).unwrap_err();
        assert_eq!(defects.len(), 1);
        assert_eq!(defects[0].field, "minor_percent");
    }

    #[test]
    fn rules_read_back_from_storage_are_checked_again() {
        let json = serde_json::to_string(&ToleranceRules::try_from(draft()).unwrap()).unwrap();
        assert!(serde_json::from_str::<ToleranceRules>(&json).is_ok());
        let tampered = json.replace("\"10\"", "\"1\"");
        assert!(serde_json::from_str::<ToleranceRules>(&tampered).is_err());
    }

    #[test]
    fn each_type_of_objective_has_one_band_and_the_others_the_usual_one() {
        let typed = |units: &[Unit]| TypedBand {
            units: units.to_vec(),
            band: band(1, 2, 0),
        };
        let rules = Draft {
            bands: vec![
                typed(&[Unit::Sites, Unit::Devices]),
                typed(&[Unit::Minutes]),
            ],
            ..draft()
        };
        let rules = ToleranceRules::try_from(rules).unwrap();
        assert_eq!(*rules.band(Unit::Devices), band(1, 2, 0));
        assert_eq!(*rules.band(Unit::Stays), band(5, 10, 30));

        let overlapping = Draft {
            bands: vec![typed(&[Unit::Sites]), typed(&[Unit::Minutes, Unit::Sites])],
            ..draft()
        };
        let Inconsistent(defects) = ToleranceRules::try_from(overlapping).unwrap_err();
        assert_eq!(defects[0].field, "bands[1].units");
    }

    #[test]
    fn neutralised_years_are_named_once_with_reasons_and_left_out_of_a_row_of_years() {
        let neutralised = |year, reasons: &str| NeutralisedYear {
            year,
            reasons: reasons.to_owned(),
        };
        let rules = Draft {
            neutralised: vec![neutralised(2020, "épidémie"), neutralised(2021, "épidémie")],
            priority_after_years: 2,
            ..draft()
        };
        let rules = ToleranceRules::try_from(rules).unwrap();
        assert_eq!(rules.judged_year_before(2022), 2019);
        assert_eq!(rules.judged_year_before(2024), 2023);
        assert_eq!(rules.neutralised(2021), Some("épidémie"));
        assert!(!rules.is_priority(1) && rules.is_priority(2));

        let wrong = Draft {
            neutralised: vec![neutralised(2020, "épidémie"), neutralised(2020, "…")],
            ..draft()
        };
        let Inconsistent(defects) = ToleranceRules::try_from(wrong).unwrap_err();
        let fields: Vec<_> = defects.iter().map(|d| d.field.as_str()).collect();
        assert_eq!(
            fields,
            ["neutralised_years[1].year", "neutralised_years[1].reasons"]
        );
    }
}
