//! What this service knows of a contract: its parties, its dates and how far it is.

use std::ops::RangeInclusive;

use kernel::{Department, Finess, Region};
use serde::{Deserialize, Serialize};
use time::Date;

use super::{
    AmendmentId, ContractId,
    texts::{text_of, value_of},
};

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
        value_of(&Self::ALL, text)
    }

    pub fn as_str(self) -> &'static str {
        text_of(&Self::ALL, self)
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
    /// The départements whose councils sign it (CASF L313-12 IV ter).
    pub councils: Vec<Department>,
    pub term: Term,
    pub amended: Amended,
}

/// What is known of the amendments of a contract.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Amended {
    /// Those whose document is frozen and that are not in effect: their targets stand still.
    pub frozen: Vec<AmendmentId>,
    /// Day of effect and number of the one that made the perimeter what it is.
    pub latest: Option<(Date, i32)>,
}

impl Contract {
    /// The contract once the document of an amendment is frozen.
    #[must_use]
    pub fn with_frozen(mut self, amendment: AmendmentId) -> Self {
        if !self.amended.frozen.contains(&amendment) {
            self.amended.frozen.push(amendment);
        }
        self
    }

    /// The contract once the amendment is not waiting for signatures or its day any more.
    #[must_use]
    pub fn without_frozen(mut self, amendment: AmendmentId) -> Self {
        self.amended.frozen.retain(|known| *known != amendment);
        self
    }

    /// The contract with the parties of an amendment, unless a later one made them what they are.
    #[must_use]
    pub fn with_members(
        mut self,
        of: (Date, i32),
        legal_entities: Vec<Finess>,
        councils: Vec<Department>,
    ) -> Self {
        if self.amended.latest.is_none_or(|latest| latest <= of) {
            self.legal_entities = legal_entities;
            self.councils = councils;
        }
        self
    }

    /// The contract with the perimeter of an amendment. Amendments count by their day of effect, then by their number,
    /// in whatever order they are told: an earlier one changes nothing any more.
    #[must_use]
    pub fn with_perimeter(mut self, of: (Date, i32), establishments: Vec<Finess>) -> Self {
        if self.amended.latest.is_none_or(|latest| latest <= of) {
            self.amended.latest = Some(of);
            self.establishments = establishments;
        }
        self
    }

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
            councils: Vec::new(),
            term: Term {
                effect_date: date!(2024 - 07 - 01),
                end_date: date!(2028 - 06 - 30),
            },
            amended: Amended::default(),
        }
    }

    #[test]
    fn the_perimeter_is_that_of_the_amendment_with_the_latest_day_in_whatever_order_they_are_told()
    {
        let site = |number: &str| vec![number.parse::<Finess>().unwrap()];
        let (first, second) = (
            ((date!(2025 - 01 - 01), 2), site("750712184")),
            ((date!(2025 - 06 - 01), 1), site("130786049")),
        );
        let told = |order: [&((Date, i32), Vec<Finess>); 3]| {
            order.into_iter().fold(
                a_contract(ContractState::InForce),
                |contract, (of, sites)| contract.with_perimeter(*of, sites.clone()),
            )
        };
        let expected = told([&first, &second, &second]);
        assert_eq!(expected.establishments, second.1);
        assert_eq!(told([&second, &first, &second]), expected);
        assert_eq!(told([&second, &first, &first]), expected);
    }

    #[test]
    fn the_parties_are_those_of_the_amendment_with_the_latest_day() {
        let entity = |number: &str| vec![number.parse::<Finess>().unwrap()];
        let councils = || vec!["13".parse::<Department>().unwrap()];
        let (early, late) = ((date!(2025 - 01 - 01), 1), (date!(2025 - 06 - 01), 2));
        let told = |contract: Contract, of, members: &str| {
            contract
                .with_members(of, entity(members), councils())
                .with_perimeter(of, Vec::new())
        };
        let begun = a_contract(ContractState::InForce);
        let amended = told(begun, late, "750712184");
        assert_eq!(amended.legal_entities, entity("750712184"));
        assert_eq!(amended.councils, councils());
        let again = told(amended.clone(), early, "130786049");
        assert_eq!(again, amended);
    }

    #[test]
    fn an_amendment_stands_still_from_its_document_until_it_is_given_up() {
        let amendment = AmendmentId(uuid::Uuid::from_u128(7));
        let contract = a_contract(ContractState::InForce).with_frozen(amendment);
        assert_eq!(contract.clone().with_frozen(amendment), contract);
        assert_eq!(contract.amended.frozen, [amendment]);
        assert_eq!(
            contract.without_frozen(amendment),
            a_contract(ContractState::InForce)
        );
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
