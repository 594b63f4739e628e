//! Which council speaks: a contract may be signed by several, and what one thinks is not what its neighbour does.

use std::collections::BTreeSet;

use kernel::Department;

use super::Contract;
use crate::domain::{Person, Refusal, Side, signature::Party};

impl Contract {
    /// The council whose position is taken: the only one of the contract that the person acts for, or the one they name.
    pub(super) fn council_that_speaks(
        &self,
        side: Side,
        person: &Person,
        named: Option<Department>,
    ) -> Result<Option<Department>, Refusal> {
        let own = match side {
            Side::Department => self.councils_of(person),
            Side::Ars | Side::Establishment => BTreeSet::new(),
        };
        let is_clear = match named {
            Some(named) => own.contains(&named),
            None => own.len() < 2,
        };
        if is_clear {
            return Ok(named.or_else(|| own.first().copied()));
        }
        let councils = own.into_iter().map(Party::Department).collect();
        Err(Refusal::CouncilNotNamed { councils })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        ContractText,
        contract::Event,
        fixtures::{contract, council, person, text},
        person::role,
    };
    use time::macros::date;

    /// Two councils sign it.
    fn shared() -> Contract {
        let mut parts = (*text(1, date!(2031 - 03 - 31))).clone();
        parts.content.departmental_councils = [council(), neighbour()].into();
        let proposed = Event::VersionProposed {
            number: 2,
            text: ContractText::new(parts).unwrap(),
            comment: String::new(),
        };
        contract(&[Event::NegotiationOpened, proposed])
    }

    fn neighbour() -> Department {
        "84".parse().unwrap()
    }

    #[test]
    fn a_position_is_that_of_the_council_its_author_acts_for() {
        let (contract, side) = (shared(), Side::Department);
        let one = person("élu", role::DEPARTMENT_PRESIDENT);
        assert_eq!(
            contract.council_that_speaks(side, &one, None),
            Ok(Some(council()))
        );
        let refused = contract.council_that_speaks(side, &one, Some(neighbour()));
        assert_eq!(refused.unwrap_err().reason(), "COUNCIL_NOT_NAMED");

        let both = one.for_councils([neighbour()]);
        let unclear = contract.council_that_speaks(side, &both, None).unwrap_err();
        assert!(unclear.to_string().contains("departments/84"), "{unclear}");
        assert_eq!(
            contract.council_that_speaks(side, &both, Some(neighbour())),
            Ok(Some(neighbour()))
        );
    }

    #[test]
    fn nobody_else_speaks_for_a_council() {
        let contract = shared();
        let agency = person("lou", role::CONTRACT_MANAGER);
        assert_eq!(
            contract.council_that_speaks(Side::Ars, &agency, None),
            Ok(None)
        );
        let refused = contract.council_that_speaks(Side::Ars, &agency, Some(council()));
        assert!(refused.is_err());
    }
}
