//! What a departmental council does with an amendment: it proposes its own money, and revises nothing else.

use time::Date;

use super::{Amendment, Changes};
use crate::domain::{Contract, ContractText, Person, Refusal, Side, competence};

impl Amendment {
    /// Refuses a revision by a council that changes more than its own money, or the day of somebody else’s proposal.
    pub(super) fn check_competence(
        &self,
        (effect_date, changes): (Date, &Changes),
        text: &ContractText,
        contract: &Contract,
        person: &Person,
    ) -> Result<(), Refusal> {
        if effect_date != self.effect_date && !self.is_of(Side::Department, contract, person) {
            return Err(Refusal::OutsideCompetence {
                what: "the day of effect".to_owned(),
            });
        }
        let own = contract.councils_of(person);
        competence::check(&self.changes.apply(text), &changes.apply(text), &own)
    }

    /// Whether a side made this proposal; of councils, whose money it is about.
    pub(super) fn is_of(&self, side: Side, contract: &Contract, person: &Person) -> bool {
        let councils = &contract.text.content.departmental_councils;
        let mut lines = self.changes.funding.put.iter();
        side == self.proposed_by
            && (side != Side::Department
                || lines.all(|line| {
                    competence::payer(line, councils).is_some_and(|payer| person.serves(payer))
                }))
    }
}
