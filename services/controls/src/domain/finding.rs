//! A finding: a deviation or a missing measure, to be looked at by people. It has no legal effect.
//!
//! `RAISED → WITHDRAWN`, and nothing else: what people conclude from it belongs to a review, elsewhere.

use kernel::{HumanActor, Reasons, Region};
use time::OffsetDateTime;

use super::{
    CampaignId, ContractId, ControlId, FindingId, compare::Severity, refusal::Refusal,
    trace::CalculationTrace,
};

/// Where a finding stands for the control service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Raised,
    /// The data were wrong, a person said so and why.
    Withdrawn {
        reasons: Reasons,
        at: OffsetDateTime,
    },
}

impl State {
    /// The text stored in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }
}

/// A finding as its history made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub id: FindingId,
    pub facts: Facts,
    pub raised_at: OffsetDateTime,
    pub state: State,
    /// Number of events, and the etag.
    pub version: i64,
}

/// What the worker established. It never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub region: Region,
    pub campaign: CampaignId,
    pub control: ControlId,
    pub contract: ContractId,
    pub year: i32,
    /// Identifier of the objective within its target set.
    pub objective: String,
    pub severity: Severity,
    pub opposable: bool,
    pub penalty_eligible: bool,
    pub trace: CalculationTrace,
}

/// A person withdraws a finding because the data were wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdraw {
    pub by: HumanActor,
    pub reasons: Reasons,
    pub at: OffsetDateTime,
}

/// What happened to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Raised(Box<Facts>),
    Withdrawn {
        reasons: Reasons,
        at: OffsetDateTime,
    },
}

impl Finding {
    /// The finding that an [`Event::Raised`] begins.
    pub fn raised(id: FindingId, facts: Facts, at: OffsetDateTime) -> Self {
        Self {
            id,
            facts,
            raised_at: at,
            state: State::Raised,
            version: 1,
        }
    }

    /// What the withdrawal makes happen, or why it may not. Pure.
    pub fn decide(&self, command: &Withdraw) -> Result<Vec<Event>, Refusal> {
        match &self.state {
            State::Raised => Ok(vec![Event::Withdrawn {
                reasons: command.reasons.clone(),
                at: command.at,
            }]),
            State::Withdrawn { at, .. } => Err(Refusal::FindingWithdrawn { on: at.date() }),
        }
    }

    /// The finding after the event.
    #[must_use]
    pub fn evolve(mut self, event: &Event) -> Self {
        if let Event::Withdrawn { reasons, at } = event {
            self.state = State::Withdrawn {
                reasons: reasons.clone(),
                at: *at,
            };
        }
        self.version += 1;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Actor, ActorKind};
    use time::macros::datetime;

    fn finding() -> Finding {
        let facts = Facts {
            region: "93".parse().unwrap(),
            campaign: CampaignId::generate(),
            control: ControlId::generate(),
            contract: ContractId::generate(),
            year: 2024,
            objective: "stays-130786049".into(),
            severity: Severity::Major,
            opposable: true,
            penalty_eligible: true,
            trace: CalculationTrace::new(String::new()),
        };
        Finding::raised(
            FindingId::generate(),
            facts,
            datetime!(2025-03-01 08:00 UTC),
        )
    }

    fn withdraw() -> Withdraw {
        let person = Actor {
            subject: "c".into(),
            kind: ActorKind::Human,
            role: "controller".into(),
        };
        Withdraw {
            by: person.as_human().unwrap(),
            reasons: "Fichier transmis deux fois.".to_owned().try_into().unwrap(),
            at: datetime!(2025-03-02 08:00 UTC),
        }
    }

    #[test]
    fn a_person_withdraws_a_finding_once_and_its_facts_stay() {
        let raised = finding();
        let events = raised.decide(&withdraw()).unwrap();
        let withdrawn = events.iter().fold(raised.clone(), Finding::evolve);
        assert_eq!(withdrawn.facts, raised.facts);
        assert_eq!(
            (withdrawn.state.as_str(), withdrawn.version),
            ("withdrawn", 2)
        );
        assert!(matches!(
            withdrawn.decide(&withdraw()),
            Err(Refusal::FindingWithdrawn { .. })
        ));
    }
}
