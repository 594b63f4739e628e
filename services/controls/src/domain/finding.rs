//! A finding: a deviation or a missing measure, to be looked at by people. It has no legal effect.
//!
//! `RAISED → WITHDRAWN`, corrected in between if need be, and nothing else: what people conclude from it
//! belongs to a review, elsewhere.

use kernel::{Actor, HumanActor, Reasons, Region};
use time::OffsetDateTime;

use super::{
    CampaignId, ComparisonResult, ContractId, ControlId, FindingId, MissionId,
    compare::{Comparison, Severity},
    refusal::Refusal,
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

/// Who established a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A comparison.
    Computed,
    /// A controller, on documents or on site.
    Manual(MissionId),
}

impl Origin {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Computed => "computed",
            Self::Manual(_) => "manual",
        }
    }
}

/// On which side of its target a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Below,
    Above,
}

impl Direction {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Below => "below",
            Self::Above => "above",
        }
    }

    /// The side that a result is on, if it is on one.
    pub fn of(result: ComparisonResult) -> Option<Self> {
        match result {
            ComparisonResult::Below => Some(Self::Below),
            ComparisonResult::Above => Some(Self::Above),
            _ => None,
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

/// What was established. Only a correction, with its reasons, changes severity and trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub region: Region,
    pub campaign: CampaignId,
    pub control: ControlId,
    pub contract: ContractId,
    pub year: i32,
    pub origin: Origin,
    /// Identifier of the objective within its target set; empty when a manual finding is about none.
    pub objective: String,
    pub severity: Severity,
    pub opposable: bool,
    pub penalty_eligible: bool,
    pub direction: Option<Direction>,
    /// For how many years in a row the objective deviates in this direction.
    pub consecutive_years: u32,
    /// Whether the policy asks to look at it first.
    pub priority: bool,
    /// The text or clause that a manual finding rests on.
    pub legal_basis: String,
    pub trace: CalculationTrace,
}

/// A person withdraws a finding because the data were wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdraw {
    pub by: HumanActor,
    pub reasons: Reasons,
    pub at: OffsetDateTime,
}

/// A person corrects a finding because a datum was wrong, and the deviation stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correct {
    pub by: HumanActor,
    pub reasons: Reasons,
    pub at: OffsetDateTime,
    pub with: Corrected,
}

/// What is right instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Corrected {
    /// The comparison of the right value.
    Comparison(Box<Comparison>),
    /// What the controller says instead; None leaves it.
    Manual {
        severity: Option<Severity>,
        text: Option<String>,
    },
}

/// That a finding was corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    pub reasons: Reasons,
    pub author: Actor,
    pub at: OffsetDateTime,
    pub previous_severity: Severity,
    pub previous_summary: String,
    pub severity: Severity,
    pub direction: Option<Direction>,
    pub trace: CalculationTrace,
}

/// What happened to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Raised(Box<Facts>),
    Corrected(Box<Correction>),
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
    pub fn withdraw(&self, command: &Withdraw) -> Result<Vec<Event>, Refusal> {
        self.require_standing()?;
        Ok(vec![Event::Withdrawn {
            reasons: command.reasons.clone(),
            at: command.at,
        }])
    }

    /// What the correction makes happen, or why it may not. Pure.
    pub fn correct(&self, command: Correct) -> Result<Vec<Event>, Refusal> {
        self.require_standing()?;
        let facts = &self.facts;
        let (severity, direction, trace) = match (facts.origin, command.with) {
            (Origin::Computed, Corrected::Comparison(comparison)) => {
                let severity = comparison.severity.ok_or(Refusal::CorrectionConforms)?;
                (severity, Direction::of(comparison.result), comparison.trace)
            }
            (Origin::Manual(_), Corrected::Manual { severity, text }) => {
                let mut trace = facts.trace.clone();
                if let Some(text) = text {
                    trace.conclusion = text;
                }
                (severity.unwrap_or(facts.severity), facts.direction, trace)
            }
            (Origin::Computed, Corrected::Manual { .. }) => {
                return Err(Refusal::CorrectionKind {
                    origin: "computed",
                    needed: "the value that should have been compared, and its source",
                });
            }
            (Origin::Manual(_), Corrected::Comparison(_)) => {
                return Err(Refusal::CorrectionKind {
                    origin: "manual",
                    needed: "its severity or its text",
                });
            }
        };
        if (severity, &trace.conclusion) == (facts.severity, &facts.trace.conclusion) {
            return Err(Refusal::CorrectionEmpty);
        }
        Ok(vec![Event::Corrected(Box::new(Correction {
            reasons: command.reasons,
            author: command.by.actor().clone(),
            at: command.at,
            previous_severity: facts.severity,
            previous_summary: facts.trace.conclusion.clone(),
            severity,
            direction,
            trace,
        }))])
    }

    /// What a person may do with the finding, by the method that does it, and whether it can be done now: what
    /// [`Self::correct`] and [`Self::withdraw`] ask first.
    pub fn acts(&self) -> [(&'static str, Result<(), Refusal>); 2] {
        let standing = self.require_standing();
        [
            ("CorrectFinding", standing.clone()),
            ("WithdrawFinding", standing),
        ]
    }

    fn require_standing(&self) -> Result<(), Refusal> {
        match &self.state {
            State::Raised => Ok(()),
            State::Withdrawn { at, .. } => Err(Refusal::FindingWithdrawn { on: at.date() }),
        }
    }

    /// The finding after the event.
    #[must_use]
    pub fn evolve(mut self, event: &Event) -> Self {
        match event {
            Event::Raised(_) => {}
            Event::Corrected(correction) => {
                self.facts.severity = correction.severity;
                self.facts.direction = correction.direction;
                self.facts.trace = correction.trace.clone();
            }
            Event::Withdrawn { reasons, at } => {
                self.state = State::Withdrawn {
                    reasons: reasons.clone(),
                    at: *at,
                };
            }
        }
        self.version += 1;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::ActorKind;
    use time::macros::datetime;

    fn finding(origin: Origin) -> Finding {
        let facts = Facts {
            region: "93".parse().unwrap(),
            campaign: CampaignId::generate(),
            control: ControlId::generate(),
            contract: ContractId::generate(),
            year: 2024,
            origin,
            objective: "stays-130786049".into(),
            severity: Severity::Major,
            opposable: true,
            penalty_eligible: true,
            direction: Some(Direction::Below),
            consecutive_years: 1,
            priority: false,
            legal_basis: String::new(),
            trace: CalculationTrace::new(String::new()),
        };
        Finding::raised(
            FindingId::generate(),
            facts,
            datetime!(2025-03-01 08:00 UTC),
        )
    }

    fn person() -> HumanActor {
        let person = Actor {
            subject: "c".into(),
            kind: ActorKind::Human,
            role: "controller".into(),
        };
        person.as_human().unwrap()
    }

    fn withdraw() -> Withdraw {
        Withdraw {
            by: person(),
            reasons: "Fichier transmis deux fois.".to_owned().try_into().unwrap(),
            at: datetime!(2025-03-02 08:00 UTC),
        }
    }

    #[test]
    fn a_person_withdraws_a_finding_once_and_its_facts_stay() {
        let raised = finding(Origin::Computed);
        let events = raised.withdraw(&withdraw()).unwrap();
        let withdrawn = events.iter().fold(raised.clone(), Finding::evolve);
        assert_eq!(withdrawn.facts, raised.facts);
        assert_eq!(
            (withdrawn.state.as_str(), withdrawn.version),
            ("withdrawn", 2)
        );
        assert!(matches!(
            withdrawn.withdraw(&withdraw()),
            Err(Refusal::FindingWithdrawn { .. })
        ));
    }

    fn compared(result: ComparisonResult, severity: Option<Severity>) -> Corrected {
        let mut trace = CalculationTrace::new(String::new());
        trace.conclusion = format!("{result:?}");
        Corrected::Comparison(Box::new(Comparison {
            objective: "stays-130786049".into(),
            title: "Séjours".into(),
            result,
            severity,
            trace,
            basis: None,
        }))
    }

    fn correct(with: Corrected) -> Correct {
        Correct {
            by: person(),
            reasons: "Le mois de mai avait été compté deux fois."
                .to_owned()
                .try_into()
                .unwrap(),
            at: datetime!(2025-03-02 08:00 UTC),
            with,
        }
    }

    #[test]
    fn a_computed_finding_is_corrected_by_the_comparison_of_the_right_value() {
        let raised = finding(Origin::Computed);
        let minor = compared(ComparisonResult::Above, Some(Severity::Minor));
        let events = raised.correct(correct(minor.clone())).unwrap();
        let corrected = events.iter().fold(raised.clone(), Finding::evolve);
        assert_eq!(corrected.facts.severity, Severity::Minor);
        assert_eq!(corrected.facts.direction, Some(Direction::Above));
        assert_eq!((corrected.state.as_str(), corrected.version), ("raised", 2));
        // The same once more changes nothing, and a value that conforms is no correction.
        assert_eq!(
            corrected.correct(correct(minor)),
            Err(Refusal::CorrectionEmpty)
        );
        let conforms = compared(ComparisonResult::Conforming, None);
        assert_eq!(
            raised.correct(correct(conforms)),
            Err(Refusal::CorrectionConforms)
        );
    }

    #[test]
    fn a_manual_finding_is_corrected_by_what_the_controller_says_instead() {
        let raised = finding(Origin::Manual(MissionId::generate()));
        let with = Corrected::Manual {
            severity: Some(Severity::Grave),
            text: Some("Deux postes sont vacants.".into()),
        };
        let events = raised.correct(correct(with.clone())).unwrap();
        let corrected = events.iter().fold(raised.clone(), Finding::evolve);
        assert_eq!(corrected.facts.severity, Severity::Grave);
        assert_eq!(
            corrected.facts.trace.conclusion,
            "Deux postes sont vacants."
        );

        let computed = finding(Origin::Computed);
        assert!(matches!(
            computed.correct(correct(with)),
            Err(Refusal::CorrectionKind { .. })
        ));
        let comparison = compared(ComparisonResult::Above, Some(Severity::Minor));
        assert!(matches!(
            raised.correct(correct(comparison)),
            Err(Refusal::CorrectionKind { .. })
        ));
    }

    #[test]
    fn a_withdrawn_finding_is_not_corrected() {
        let raised = finding(Origin::Computed);
        let events = raised.withdraw(&withdraw()).unwrap();
        let withdrawn = events.iter().fold(raised, Finding::evolve);
        let minor = compared(ComparisonResult::Above, Some(Severity::Minor));
        assert!(matches!(
            withdrawn.correct(correct(minor)),
            Err(Refusal::FindingWithdrawn { .. })
        ));
    }

    #[test]
    fn what_may_be_done_is_what_the_acts_answer() {
        let raised = finding(Origin::Computed);
        let events = raised.withdraw(&withdraw()).unwrap();
        let withdrawn = events.iter().fold(raised.clone(), Finding::evolve);
        let minor = compared(ComparisonResult::Above, Some(Severity::Minor));
        for finding in [raised, withdrawn] {
            let done = [
                (
                    "CorrectFinding",
                    finding.correct(correct(minor.clone())).map(drop),
                ),
                ("WithdrawFinding", finding.withdraw(&withdraw()).map(drop)),
            ];
            assert_eq!(finding.acts(), done);
        }
    }
}
