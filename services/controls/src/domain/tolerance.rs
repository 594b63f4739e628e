//! How far a measure may be from its target before a person looks at it.
//!
//! No national band exists (no statutory text gives one): these are regional settings, dated and
//! reasoned, recorded as policies and never as constants.

use kernel::Decimal;
use serde::{Deserialize, Serialize};

use super::quantity::Quantity;

/// Settings of a tolerance policy, checked. Percentages are shares of the target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Draft", into = "Draft")]
pub struct ToleranceRules(Draft);

/// The same settings before they are checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Years to which the policy applies, both included.
    pub first_year: i32,
    pub last_year: i32,
    /// A deviation from a point target up to this share of it conforms. A band is its own tolerance.
    pub conforming_percent: Decimal,
    /// A deviation up to this share is minor; beyond it, major.
    pub minor_percent: Decimal,
    /// A count of activity is not judged when target and value are both under this.
    pub minimum_count: Decimal,
}

/// What is wrong with a setting: one defect per field, so that a person corrects them all at once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{explanation}")]
pub struct Defect {
    pub field: &'static str,
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

    pub fn conforming_percent(&self) -> Decimal {
        self.0.conforming_percent
    }

    pub fn minor_percent(&self) -> Decimal {
        self.0.minor_percent
    }

    pub fn minimum_count(&self) -> Decimal {
        self.0.minimum_count
    }

    /// Whether the policy may be used to control `year`.
    pub fn covers(&self, year: i32) -> bool {
        (self.0.first_year..=self.0.last_year).contains(&year)
    }

    /// Whether a count is too small to be told from chance.
    pub fn is_small(&self, count: Quantity) -> bool {
        count.value() < self.0.minimum_count
    }
}

impl TryFrom<Draft> for ToleranceRules {
    type Error = Inconsistent;

    fn try_from(mut draft: Draft) -> Result<Self, Self::Error> {
        let mut defects = Vec::new();
        let mut defect = |field, explanation: String| defects.push(Defect { field, explanation });
        for (field, year) in [
            ("first_year", draft.first_year),
            ("last_year", draft.last_year),
        ] {
            if !YEARS.contains(&year) {
                defect(field, format!("{year} is not a year between 1990 and 2100"));
            }
        }
        if draft.last_year < draft.first_year {
            defect(
                "last_year",
                format!(
                    "{} is before the first year, {}",
                    draft.last_year, draft.first_year
                ),
            );
        }
        for (field, number, limit) in [
            (
                "conforming_percent",
                &mut draft.conforming_percent,
                PERCENT_LIMIT,
            ),
            ("minor_percent", &mut draft.minor_percent, PERCENT_LIMIT),
            ("minimum_count", &mut draft.minimum_count, COUNT_LIMIT),
        ] {
            *number = number.normalize();
            let in_range = (Decimal::ZERO..Decimal::from(limit)).contains(number);
            if !in_range || number.scale() > MAX_SCALE {
                defect(
                    field,
                    format!(
                        "{number} is not between 0 and {limit} (excluded) with at most 4 decimals"
                    ),
                );
            }
        }
        if draft.minor_percent < draft.conforming_percent {
            defect(
                "minor_percent",
                format!(
                    "a minor deviation ({} %) cannot be narrower than a conforming one ({} %)",
                    draft.minor_percent, draft.conforming_percent
                ),
            );
        }
        if defects.is_empty() {
            Ok(Self(draft))
        } else {
            Err(Inconsistent(defects))
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
            conforming_percent: Decimal::from(5),
            minor_percent: Decimal::from(10),
            minimum_count: Decimal::from(30),
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
            minor_percent: Decimal::from(5),
            ..draft()
        };
        assert!(ToleranceRules::try_from(rules).is_ok());
    }

    #[test]
    fn every_defect_is_told_with_its_field() {
        let wrong = Draft {
            first_year: 1789,
            last_year: 1788,
            conforming_percent: Decimal::from(-5),
            minor_percent: Decimal::from(-10),
            minimum_count: Decimal::new(1, 5),
        };
        let Inconsistent(defects) = ToleranceRules::try_from(wrong).unwrap_err();
        let fields: Vec<_> = defects.iter().map(|d| d.field).collect();
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
            minor_percent: Decimal::from(4),
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
}
