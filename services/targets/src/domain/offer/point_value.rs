//! Values of the point of the tariff equation, as the decisions of each year give them: figures on record, never constants.

use kernel::{Decimal, Department};
use serde::{Deserialize, Serialize};

use super::Statement;

/// The tariff an EHPAD chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TariffOption {
    Global,
    Partial,
}

impl TariffOption {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Partial => "partial",
        }
    }
}

/// The value of the point in a département for a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointValue {
    pub department: Department,
    pub year: i16,
    pub option: TariffOption,
    /// With a pharmacie à usage intérieur.
    pub internal_pharmacy: bool,
    /// Euros for a point.
    pub value: Decimal,
    pub source: String,
}

/// The name of a département.
pub fn department_name(department: Department) -> String {
    format!("departments/{department}")
}

impl Statement for PointValue {
    const KIND: &'static str = "point_value";

    fn subject(&self) -> String {
        department_name(self.department)
    }

    fn key(&self) -> String {
        let pharmacy = if self.internal_pharmacy {
            "with"
        } else {
            "without"
        };
        format!("{}/{}/{pharmacy}", self.year, self.option.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_option_of_a_year_has_its_own_value() {
        let value = |option, internal_pharmacy| PointValue {
            department: "2A".parse().unwrap(),
            year: 2025,
            option,
            internal_pharmacy,
            value: "13.10".parse().unwrap(),
            source: "Arrêté".to_owned(),
        };
        let keys = [
            value(TariffOption::Global, true),
            value(TariffOption::Global, false),
            value(TariffOption::Partial, true),
        ]
        .map(|value| (value.subject(), value.key()));
        let of = |key: &str| ("departments/2A".to_owned(), key.to_owned());
        assert_eq!(
            keys,
            [
                of("2025/global/with"),
                of("2025/global/without"),
                of("2025/partial/with")
            ]
        );
    }
}
