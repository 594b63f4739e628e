//! Figures that somebody supplies, with their source: who waits, what is given. A later statement of the same subject and
//! moment corrects; what nobody stated is missing, which is not zero.

use std::collections::BTreeSet;

use kernel::{Decimal, Finess};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use time::Date;

use super::{OfferRefusal, defect, sound};
use crate::domain::medicosocial::{CarePublic, ReceptionMode, modulation};

/// A kind of figure.
pub trait Statement: Serialize + DeserializeOwned {
    /// As it is stored.
    const KIND: &'static str;

    /// Whom or what it is about: a FINESS number or a resource name.
    fn subject(&self) -> String;

    /// Which figure of the subject: two statements with the same one correct each other.
    fn key(&self) -> String;
}

/// Checks that no figure is stated twice: which of the two would be right?
///
/// # Errors
/// [`OfferRefusal::Defects`].
pub fn check<S: Statement>(field: &str, statements: &[S]) -> Result<(), OfferRefusal> {
    let mut seen = BTreeSet::new();
    let defects = statements
        .iter()
        .enumerate()
        .filter(|(_, statement)| !seen.insert((statement.subject(), statement.key())))
        .map(|(place, statement)| {
            let why = format!(
                "{} is stated twice for the same figure",
                statement.subject()
            );
            defect(format!("{field}[{place}]"), "STATED_TWICE", why)
        })
        .collect();
    sound(defects)
}

/// People who wait for a place of an establishment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingList {
    pub establishment: Finess,
    pub mode: ReceptionMode,
    pub public: CarePublic,
    /// The day of the count.
    pub day: Date,
    pub persons: i32,
    pub source: String,
}

impl Statement for WaitingList {
    const KIND: &'static str = "waiting_list";

    fn subject(&self) -> String {
        self.establishment.to_string()
    }

    fn key(&self) -> String {
        format!(
            "{}/{}/{}",
            self.mode.as_str(),
            self.public.as_str(),
            self.day
        )
    }
}

/// Of each establishment, mode and public, the list counted last on a day or before.
pub fn latest(lists: Vec<WaitingList>, day: Date) -> Vec<WaitingList> {
    let mut lists: Vec<WaitingList> = lists.into_iter().filter(|list| list.day <= day).collect();
    lists.sort_by_key(|list| (list.establishment, list.mode, list.public, list.day));
    let is_superseded = |pair: &[WaitingList]| {
        matches!(pair, [list, next] if
            (list.establishment, list.mode, list.public) == (next.establishment, next.mode, next.public))
    };
    let superseded: Vec<bool> = lists.windows(2).map(is_superseded).chain([false]).collect();
    lists
        .into_iter()
        .zip(superseded)
        .filter(|(_, is_superseded)| !is_superseded)
        .map(|(list, _)| list)
        .collect()
}

/// The allowance of an EHPAD for a year, in euros.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    pub establishment: Finess,
    pub year: i16,
    /// Forfait soins of the permanent places, without complementary funding.
    pub care: Decimal,
    /// Result of the tariff equation.
    pub equation: Decimal,
    /// Forfait dépendance, when it is known.
    pub dependence: Option<Decimal>,
    /// The tariff decision.
    pub decision: String,
}

impl Statement for Allowance {
    const KIND: &'static str = "allowance";

    fn subject(&self) -> String {
        self.establishment.to_string()
    }

    fn key(&self) -> String {
        self.year.to_string()
    }
}

/// An allowance with its convergence, in percent, and the change of that since the year before in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub allowance: Allowance,
    pub convergence: Option<Decimal>,
    pub change: Option<Decimal>,
}

/// The trajectory of an establishment, by year.
pub fn trajectory(mut allowances: Vec<Allowance>) -> Vec<Step> {
    allowances.sort_by_key(|allowance| allowance.year);
    let mut before = None;
    allowances
        .into_iter()
        .map(|allowance| {
            let convergence = modulation::convergence(allowance.care, allowance.equation)
                .ok()
                .map(|percent| percent.round_dp(2));
            let change = convergence
                .zip(before)
                .map(|(now, then): (Decimal, Decimal)| now - then);
            before = convergence.or(before);
            Step {
                allowance,
                convergence,
                change,
            }
        })
        .collect()
}

/// What funding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FundingKind {
    Care,
    Department,
    OneOff,
    Investment,
}

impl FundingKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Care => "care",
            Self::Department => "department",
            Self::OneOff => "one_off",
            Self::Investment => "investment",
        }
    }
}

/// What a contract was given in a year, in euros.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Funding {
    /// Resource name.
    pub contract: String,
    pub year: i16,
    pub kind: FundingKind,
    pub amount: Decimal,
    pub source: String,
}

/// Of what contracts are given, the people of a departmental council record the money of the département alone (CASF
/// L313-3, L314-2).
///
/// # Errors
/// [`OfferRefusal::OutsideCompetence`], for the first line that is not.
pub fn check_own(fundings: &[Funding]) -> Result<(), OfferRefusal> {
    let strange = fundings
        .iter()
        .position(|funding| funding.kind != FundingKind::Department);
    match strange {
        None => Ok(()),
        Some(place) => Err(OfferRefusal::OutsideCompetence { place }),
    }
}

impl Statement for Funding {
    const KIND: &'static str = "funding";

    fn subject(&self) -> String {
        self.contract.clone()
    }

    fn key(&self) -> String {
        format!("{}/{}", self.year, self.kind.as_str())
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn of_each_mode_the_list_counted_last_counts() {
        let list = |mode, day, persons| WaitingList {
            establishment: "010000040".parse().unwrap(),
            mode,
            public: CarePublic::OlderPeople,
            day,
            persons,
            source: "ViaTrajectoire".to_owned(),
        };
        let lists = vec![
            list(ReceptionMode::Permanent, date!(2024 - 06 - 01), 12),
            list(ReceptionMode::Permanent, date!(2024 - 01 - 01), 30),
            list(ReceptionMode::Day, date!(2024 - 01 - 01), 4),
            list(ReceptionMode::Permanent, date!(2025 - 01 - 01), 50),
        ];
        let persons: Vec<i32> = latest(lists, date!(2024 - 12 - 31))
            .iter()
            .map(|list| list.persons)
            .collect();
        assert_eq!(persons, [12, 4]);
    }

    #[test]
    fn convergence_is_followed_from_year_to_year_and_an_equation_of_zero_gives_none() {
        let allowance = |year, care: i64, equation: i64| Allowance {
            establishment: "010000040".parse().unwrap(),
            year,
            care: care.into(),
            equation: equation.into(),
            dependence: None,
            decision: String::new(),
        };
        let steps = trajectory(vec![
            allowance(2024, 930_000, 1_000_000),
            allowance(2022, 880_000, 1_000_000),
            allowance(2023, 900_000, 0),
        ]);
        let told: Vec<(i16, Option<String>, Option<String>)> = steps
            .into_iter()
            .map(|step| {
                let text = |value: Decimal| value.normalize().to_string();
                let year = step.allowance.year;
                (year, step.convergence.map(text), step.change.map(text))
            })
            .collect();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            told,
            [
                (2022, some("88"), None),
                (2023, None, None),
                (2024, some("93"), some("5"))
            ]
        );
    }
}
