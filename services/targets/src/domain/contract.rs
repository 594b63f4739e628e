//! What this service knows of a contract: its parties, its dates and how far it is.

use std::ops::RangeInclusive;

use kernel::{Finess, Region};
use serde::{Deserialize, Serialize};
use time::Date;

use super::ContractId;

/// How far a contract is, as far as its targets are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContractState {
    /// Drafted, negotiated or under consultation: the targets may still change.
    Open,
    /// The document that the parties sign carries the targets (guard C5): they stand still.
    Frozen,
    InForce,
    /// The last day has passed.
    Expired,
    /// Never signed.
    Abandoned,
}

impl ContractState {
    /// Every state, with the text stored in the database.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Open, "open"),
        (Self::Frozen, "frozen"),
        (Self::InForce, "in_force"),
        (Self::Expired, "expired"),
        (Self::Abandoned, "abandoned"),
    ];

    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, name)| *name == text)
            .map(|(state, _)| *state)
    }

    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(state, _)| *state == self)
            .map_or("", |(_, name)| name)
    }

    /// Whether indicators are received: during the contract and after it, since the figures of the last
    /// year arrive once it has ended.
    pub fn takes_indicators(self) -> bool {
        match self {
            Self::InForce | Self::Expired => true,
            Self::Open | Self::Frozen | Self::Abandoned => false,
        }
    }
}

/// First and last day of effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Term {
    pub effect_date: Date,
    pub end_date: Date,
}

impl Term {
    /// The civil years that the contract touches. Targets and controls are by civil year, as PMSI figures
    /// are, so a contract that begins in July has targets, and receives values, for the whole of that year.
    pub fn years(self) -> RangeInclusive<i16> {
        let year = |date: Date| i16::try_from(date.year()).unwrap_or(i16::MAX);
        year(self.effect_date)..=year(self.end_date)
    }
}

/// This service's copy of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    pub id: ContractId,
    pub region: Region,
    pub state: ContractState,
    pub legal_entities: Vec<Finess>,
    pub establishments: Vec<Finess>,
    pub term: Term,
}

impl Contract {
    /// Whether the number names one of the parties or one of the covered sites.
    pub fn covers(&self, subject: Finess) -> bool {
        self.subjects().any(|known| known == subject)
    }

    /// The parties, then the covered sites.
    pub fn subjects(&self) -> impl Iterator<Item = Finess> {
        self.legal_entities
            .iter()
            .chain(&self.establishments)
            .copied()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use time::macros::date;

    /// A contract of one public hospital with one site, 2024 to 2028.
    pub(crate) fn a_contract(state: ContractState) -> Contract {
        Contract {
            id: ContractId(uuid::Uuid::from_u128(1)),
            region: "93".parse().unwrap(),
            state,
            legal_entities: vec!["130786049".parse().unwrap()],
            establishments: vec!["010000040".parse().unwrap()],
            term: Term {
                effect_date: date!(2024 - 07 - 01),
                end_date: date!(2028 - 06 - 30),
            },
        }
    }

    #[test]
    fn a_contract_touches_the_civil_year_it_begins_in_and_the_one_it_ends_in() {
        assert_eq!(a_contract(ContractState::Open).term.years(), 2024..=2028);
    }

    #[test]
    fn indicators_are_received_during_a_contract_and_after_it() {
        let takes: Vec<bool> = ContractState::ALL
            .iter()
            .map(|(state, _)| state.takes_indicators())
            .collect();
        assert_eq!(takes, [false, false, true, true, false]);
    }

    #[test]
    fn every_state_is_read_back_from_its_text() {
        for (state, text) in ContractState::ALL {
            assert_eq!(
                (ContractState::from_text(text), state.as_str()),
                (Some(state), text)
            );
        }
    }
}
