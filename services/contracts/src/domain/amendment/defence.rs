//! The minister of defence is consulted before the modification of a contract that bears on the health support of the armed
//! forces (CSP L1435-3-1, L6114-1-1): its opinion is among those without which an amendment is not frozen.

use super::Proposal;

/// Whose opinion it is, as the list of the consulted bodies names it.
const BODY: &str = "Ministre de la défense";

impl Proposal {
    /// The proposal with the minister among those who are consulted, whoever forgot it, where the contract is `concerned`.
    #[must_use]
    pub fn consulting_defence(mut self, concerned: bool) -> Self {
        if concerned {
            self.consultations.insert(BODY.to_owned());
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use time::macros::date;
    use uuid::Uuid;

    use super::*;
    use crate::domain::{
        ContractId, Side,
        amendment::{Changes, Reason},
        fixtures::region,
    };

    #[test]
    fn the_minister_is_consulted_on_a_contract_of_the_armed_forces_and_once() {
        let proposal = |bodies: &[&str]| Proposal {
            contract: ContractId(Uuid::from_u128(1)),
            region: region(),
            reason: Reason::PostControl,
            title: "Suites du contrôle".into(),
            effect_date: date!(2026 - 06 - 01),
            changes: Changes::default(),
            consultations: bodies.iter().map(|body| (*body).to_owned()).collect(),
            side: Side::Ars,
        };
        let consulted = |bodies: &[&str], concerned: bool| {
            proposal(bodies).consulting_defence(concerned).consultations
        };
        let known = |bodies: &[&str]| bodies.iter().map(|body| (*body).to_owned()).collect();
        let (council, both) = (["Directoire"], ["Directoire", BODY]);
        let expected: BTreeSet<String> = known(&both);
        assert_eq!(consulted(&council, true), expected);
        assert_eq!(consulted(&both, true), expected);
        let unchanged: BTreeSet<String> = known(&council);
        assert_eq!(consulted(&council, false), unchanged);
    }
}
