//! The procedure that a person proposes to the director general (CSP R6114-9, R6114-10). In this state it
//! has no effect: only a director general may open one.

use time::OffsetDateTime;

use super::review::human::SanctionProposal;

/// A proposed procedure. There is one way to make it, and it goes through a person who concluded a review.
#[derive(Debug, PartialEq, Eq)]
pub struct Procedure {
    proposal: SanctionProposal,
    proposed_at: OffsetDateTime,
}

impl Procedure {
    /// The only constructor. A [`SanctionProposal`] comes from [`super::Review::by_human`] alone and is
    /// used up here, so one conclusion makes one procedure.
    pub fn propose(proposal: SanctionProposal, at: OffsetDateTime) -> Self {
        Self {
            proposal,
            proposed_at: at,
        }
    }

    /// What the person proposed, and who they are.
    pub fn proposal(&self) -> &SanctionProposal {
        &self.proposal
    }

    pub fn proposed_at(&self) -> OffsetDateTime {
        self.proposed_at
    }
}
