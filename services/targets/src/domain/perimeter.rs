//! Which subjects a submitter may report on, and for which years.

use std::collections::{HashMap, HashSet};

use kernel::Finess;

use super::Contract;

/// A set of civil years from 1990 to 2117, one bit each: a subject may have had several contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Years(u128);

impl Years {
    const FIRST: i16 = 1990;

    /// Adds the years of a contract.
    #[must_use]
    pub fn with(self, years: std::ops::RangeInclusive<i16>) -> Self {
        Self(years.fold(self.0, |bits, year| bits | Self::bit(year)))
    }

    pub fn contains(self, year: i16) -> bool {
        self.0 & Self::bit(year) != 0
    }

    fn bit(year: i16) -> u128 {
        let place = year
            .checked_sub(Self::FIRST)
            .and_then(|place| u32::try_from(place).ok());
        place
            .and_then(|place| 1u128.checked_shl(place))
            .unwrap_or(0)
    }
}

/// What one submitter may report on. Built from a token's scope and the contracts of the region.
#[derive(Debug, Clone)]
pub struct Perimeter {
    /// Own subjects that a contract covers, with the years of their contracts.
    contracted: HashMap<Finess, Years>,
    /// None: the whole region.
    own: Option<HashSet<Finess>>,
}

/// Why a subject is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutsidePerimeter {
    /// Somebody else's, or nobody's: a submitter does not learn which.
    NotYours,
    NotInAContract,
}

impl Perimeter {
    /// `own` are the FINESS numbers of the token; none for an agency that reports for its whole region. The
    /// number of a legal entity stands for its sites too, as far as the contracts tell them: in a contract
    /// of several entities nothing says whose each site is, so there a token names its sites itself.
    pub fn new(own: Option<&[Finess]>, contracts: &[Contract]) -> Self {
        let mut own: Option<HashSet<Finess>> = own.map(|numbers| numbers.iter().copied().collect());
        if let Some(own) = &mut own {
            for contract in contracts {
                if let [only_entity] = contract.legal_entities.as_slice()
                    && own.contains(only_entity)
                {
                    own.extend(&contract.establishments);
                }
            }
        }
        let is_own = |subject: &Finess| own.as_ref().is_none_or(|own| own.contains(subject));
        let mut contracted: HashMap<Finess, Years> = HashMap::new();
        for contract in contracts
            .iter()
            .filter(|contract| contract.state.takes_indicators())
        {
            for subject in contract.subjects().filter(&is_own) {
                let years = contracted.entry(subject).or_default();
                *years = years.with(contract.term.years());
            }
        }
        Self { contracted, own }
    }

    /// Whether the subject belongs to the submitter, in a contract or not.
    pub fn owns(&self, subject: Finess) -> bool {
        self.own.as_ref().is_none_or(|own| own.contains(&subject))
    }

    /// The years for which values of this subject are received.
    ///
    /// # Errors
    /// Why the subject is not accepted at all.
    pub fn years_of(&self, subject: Finess) -> Result<Years, OutsidePerimeter> {
        if let Some(years) = self.contracted.get(&subject) {
            return Ok(*years);
        }
        if self.owns(subject) {
            return Err(OutsidePerimeter::NotInAContract);
        }
        Err(OutsidePerimeter::NotYours)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::{ContractState, contract::tests::a_contract};

    const ENTITY: &str = "130786049";
    const SITE: &str = "010000040";
    const ANOTHER: &str = "750712184";

    fn finess(number: &str) -> Finess {
        number.parse().unwrap()
    }

    /// A legal entity that reports for itself and its one site, 2024 to 2028.
    pub(crate) fn a_perimeter() -> Perimeter {
        Perimeter::new(
            Some(&[finess(ENTITY)]),
            &[a_contract(ContractState::InForce)],
        )
    }

    #[test]
    fn a_legal_entity_reports_for_itself_and_for_its_sites_only() {
        let perimeter = a_perimeter();
        for subject in [ENTITY, SITE] {
            let years = perimeter.years_of(finess(subject)).unwrap();
            assert!(years.contains(2024) && years.contains(2028), "{subject}");
            assert!(!years.contains(2023) && !years.contains(2029), "{subject}");
        }
        assert_eq!(
            perimeter.years_of(finess(ANOTHER)),
            Err(OutsidePerimeter::NotYours)
        );
    }

    #[test]
    fn a_site_does_not_report_for_its_legal_entity() {
        let perimeter =
            Perimeter::new(Some(&[finess(SITE)]), &[a_contract(ContractState::InForce)]);
        assert!(perimeter.years_of(finess(SITE)).is_ok());
        assert_eq!(
            perimeter.years_of(finess(ENTITY)),
            Err(OutsidePerimeter::NotYours)
        );
    }

    #[test]
    fn in_a_contract_of_several_entities_one_does_not_report_for_the_sites_of_another() {
        let mut shared = a_contract(ContractState::InForce);
        shared.legal_entities.push(finess(ANOTHER));
        let perimeter = Perimeter::new(Some(&[finess(ANOTHER)]), &[shared.clone()]);
        assert!(perimeter.years_of(finess(ANOTHER)).is_ok());
        assert_eq!(
            perimeter.years_of(finess(SITE)),
            Err(OutsidePerimeter::NotYours)
        );
        let with_its_site = Perimeter::new(Some(&[finess(ANOTHER), finess(SITE)]), &[shared]);
        assert!(with_its_site.years_of(finess(SITE)).is_ok());
    }

    #[test]
    fn a_contract_that_is_not_in_force_receives_nothing() {
        for state in [
            ContractState::Open,
            ContractState::Frozen,
            ContractState::Abandoned,
        ] {
            let perimeter = Perimeter::new(Some(&[finess(ENTITY)]), &[a_contract(state)]);
            assert_eq!(
                perimeter.years_of(finess(SITE)),
                Err(OutsidePerimeter::NotInAContract)
            );
        }
    }

    #[test]
    fn an_agency_reports_for_its_whole_region() {
        let perimeter = Perimeter::new(None, &[a_contract(ContractState::Expired)]);
        assert!(perimeter.years_of(finess(SITE)).is_ok());
        assert_eq!(
            perimeter.years_of(finess(ANOTHER)),
            Err(OutsidePerimeter::NotInAContract)
        );
    }

    #[test]
    fn successive_contracts_add_their_years() {
        let first = a_contract(ContractState::Expired);
        let mut second = a_contract(ContractState::InForce);
        second.term.effect_date = second.term.effect_date.replace_year(2030).unwrap();
        second.term.end_date = second.term.end_date.replace_year(2034).unwrap();
        let years = Perimeter::new(None, &[first, second])
            .years_of(finess(SITE))
            .unwrap();
        let accepted: Vec<i16> = (2020..2040).filter(|year| years.contains(*year)).collect();
        assert_eq!(
            accepted,
            [2024, 2025, 2026, 2027, 2028, 2030, 2031, 2032, 2033, 2034]
        );
    }

    #[test]
    fn years_far_away_are_in_no_set() {
        let all = Years::default().with(1990..=2117);
        for year in [i16::MIN, 0, 1989, 2118, i16::MAX] {
            assert!(!all.contains(year), "{year}");
        }
        assert!(all.contains(1990) && all.contains(2117));
    }
}
