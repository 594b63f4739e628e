//! Amounts of the equation of care at home, as the arrêté of each year gives them: figures on record, never constants.

use kernel::Decimal;
use serde::{Deserialize, Serialize};

use super::Statement;

/// What a week of care of a person of a profile is paid, increases included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeeklyPackage {
    /// As it is called here, for example `GIR12-IDE-WE`.
    pub code: String,
    /// As the arrêté describes it.
    pub title: String,
    /// Euros for a week.
    pub amount: Decimal,
}

/// The amounts of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeCareAmounts {
    pub year: i16,
    /// Euros for a place, for structure and travel.
    pub structure: Decimal,
    pub packages: Vec<WeeklyPackage>,
    pub source: String,
}

/// The amounts are the same in the whole country.
const SUBJECT: &str = "home_care";

impl Statement for HomeCareAmounts {
    const KIND: &'static str = "home_care_amounts";

    fn subject(&self) -> String {
        SUBJECT.to_owned()
    }

    fn key(&self) -> String {
        self.year.to_string()
    }
}

impl HomeCareAmounts {
    /// The package of a profile.
    pub fn package(&self, code: &str) -> Option<&WeeklyPackage> {
        self.packages.iter().find(|package| package.code == code)
    }

    /// The first code that stands twice: which of the two would be right?
    pub fn repeated(&self) -> Option<usize> {
        (0..self.packages.len()).find(|place| {
            let code = self.packages.get(*place).map(|package| &package.code);
            let mut before = self.packages.iter().take(*place);
            before.any(|package| Some(&package.code) == code)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts(codes: &[&str]) -> HomeCareAmounts {
        let package = |code: &&str| WeeklyPackage {
            code: (*code).to_owned(),
            title: "Profil".to_owned(),
            amount: 120.into(),
        };
        HomeCareAmounts {
            year: 2025,
            structure: 5_000.into(),
            packages: codes.iter().map(package).collect(),
            source: "Arrêté".to_owned(),
        }
    }

    #[test]
    fn a_year_is_one_figure_and_a_profile_stands_once() {
        let sound = amounts(&["GIR12", "GIR34"]);
        assert_eq!(
            (sound.subject(), sound.key()),
            ("home_care".to_owned(), "2025".to_owned())
        );
        assert_eq!(sound.repeated(), None);
        assert_eq!(amounts(&["GIR12", "GIR34", "GIR12"]).repeated(), Some(2));
        assert!(sound.package("GIR34").is_some() && sound.package("GIR56").is_none());
    }
}
