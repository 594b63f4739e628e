//! What a departmental council does with an amendment: it proposes its own money and what is marked as of its competence,
//! and revises nothing else.

use time::Date;

use super::{Amendment, Changes};
use crate::domain::{
    Contract, ContractText, Person, Refusal, Side,
    competence::{self, Councils},
};

impl Amendment {
    /// Refuses a revision by a council that changes more than is of its competence, or the day of somebody else’s proposal.
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
        let (before, after) = (self.changes.apply(text), changes.apply(text));
        competence::check(&before, &after, &own, effect_date)
    }

    /// Whether a side made this proposal; of councils, whose money and competence it is about.
    pub(super) fn is_of(&self, side: Side, contract: &Contract, person: &Person) -> bool {
        if side != self.proposed_by {
            return false;
        }
        if side != Side::Department {
            return true;
        }
        let (all, own) = (contract.councils(), contract.councils_of(person));
        let councils = Councils {
            all: &all,
            own: &own,
            day: self.effect_date,
        };
        let (mut lines, mut objectives, mut commitments) = (
            self.changes.funding.put.iter(),
            self.changes.objectives.put.iter(),
            self.changes.commitments.put.iter(),
        );
        lines.all(|line| councils.pay(line))
            && objectives.all(|objective| councils.are_competent(objective.competence))
            && commitments.all(|commitment| councils.are_competent(commitment.competence))
    }
}
