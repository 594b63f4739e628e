//! The people's door: notifying, answering, examining, concluding. Every function asks for a [`Person`].

use std::collections::BTreeSet;

use kernel::{
    Finess, HumanActor, Reasons, Region,
    legal_time::{add_months, legal_day},
};
use time::{Date, OffsetDateTime};

use super::{Conclusion, Examination, Notification, Observations, Outcome, Review, State};
use crate::domain::{
    AllowedAction, ContractId, Person, ProcedureId, Refusal, ReviewId, Side, person::role,
};

/// A kind of human act on a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Notify,
    SubmitObservations,
    Examine,
    Conclude,
}

/// A human act with its contents.
#[derive(Debug, Clone)]
pub enum HumanAct {
    /// `response_months`: how long the establishment has to answer, a dated parameter of the region.
    Notify {
        message: Reasons,
        response_months: u32,
    },
    SubmitObservations {
        text: Reasons,
    },
    Examine {
        analysis: Reasons,
        recommended: Outcome,
    },
    /// `procedure` is the identifier that a procedure gets if a sanction is proposed.
    Conclude {
        outcome: Outcome,
        reasons: Reasons,
        procedure: ProcedureId,
    },
}

/// What a guard needs to know beside the review.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// Parties to the contract.
    pub legal_entities: &'a BTreeSet<Finess>,
    /// Subjects of those who planned or conducted the campaign, as far as they are known.
    pub controllers: &'a BTreeSet<String>,
    pub now: OffsetDateTime,
}

/// All that a person's act can make happen. Each carries the proof of who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HumanEvent {
    Notified {
        message: Reasons,
        due_date: Date,
        by: HumanActor,
    },
    ObservationsSubmitted {
        text: Reasons,
        by: HumanActor,
    },
    Examined {
        analysis: Reasons,
        recommended: Outcome,
        by: HumanActor,
    },
    Concluded {
        outcome: Outcome,
        reasons: Reasons,
        by: HumanActor,
        procedure: Option<ProcedureId>,
    },
}

/// What a person's act decided.
#[derive(Debug, PartialEq, Eq)]
pub struct Decision {
    pub event: HumanEvent,
    /// Present when, and only when, a sanction was proposed: all it takes to make a procedure.
    pub sanction: Option<SanctionProposal>,
}

/// A sanction that a person proposed in concluding a review. Only [`Review::by_human`] makes one: its
/// fields are private and it cannot be copied, read from a row or made from an event.
#[derive(Debug, PartialEq, Eq)]
pub struct SanctionProposal {
    procedure: ProcedureId,
    review: ReviewId,
    contract: ContractId,
    region: Region,
    reasons: Reasons,
    proposer: HumanActor,
}

impl Review {
    /// Decides what a person's act does now: an event, or a refusal that changes nothing.
    pub fn by_human(
        &self,
        act: HumanAct,
        person: &Person,
        circumstances: &Circumstances<'_>,
    ) -> Result<Decision, Refusal> {
        self.guard(act.kind(), person, circumstances)?;
        let by = person.human().clone();
        let without_sanction = |event| {
            Ok(Decision {
                event,
                sanction: None,
            })
        };
        match act {
            HumanAct::Notify {
                message,
                response_months,
            } => {
                let due_date = self.response_due(response_months, circumstances.now);
                without_sanction(HumanEvent::Notified {
                    message,
                    due_date,
                    by,
                })
            }
            HumanAct::SubmitObservations { text } => {
                without_sanction(HumanEvent::ObservationsSubmitted { text, by })
            }
            HumanAct::Examine {
                analysis,
                recommended,
            } => without_sanction(HumanEvent::Examined {
                analysis,
                recommended,
                by,
            }),
            HumanAct::Conclude {
                outcome: Outcome::SanctionProposed,
                reasons,
                procedure,
            } => self.propose_sanction(reasons, by, procedure),
            HumanAct::Conclude {
                outcome, reasons, ..
            } => without_sanction(HumanEvent::Concluded {
                outcome,
                reasons,
                by,
                procedure: None,
            }),
        }
    }

    /// What a caller may do now, and why not the rest. `person` is none for a machine.
    pub fn allowed_actions(
        &self,
        person: Option<&Person>,
        circumstances: &Circumstances<'_>,
    ) -> Vec<AllowedAction> {
        let guard = |act: Act| match person {
            Some(person) => self.guard(act, person, circumstances),
            None => Err(Refusal::HumanRequired {
                method: act.method(),
            }),
        };
        Act::ALL
            .into_iter()
            .map(|act| AllowedAction::of(act.method(), guard(act)))
            .collect()
    }

    /// Whether a person may do an act now, whatever its contents. Both [`Self::by_human`] and
    /// [`Self::allowed_actions`] ask here.
    fn guard(
        &self,
        act: Act,
        person: &Person,
        circumstances: &Circumstances<'_>,
    ) -> Result<(), Refusal> {
        let (method, roles) = (act.method(), act.roles());
        let role = person
            .role_among(roles)
            .ok_or(Refusal::RoleNotEntitled { method, roles })?;
        if Side::of_role(role) == Side::Establishment
            && !circumstances
                .legal_entities
                .iter()
                .any(|entity| person.directs(*entity))
        {
            return Err(Refusal::OutsideMandate);
        }
        match (act, &self.state) {
            (Act::Notify, State::Open)
            | (Act::SubmitObservations, State::Notified { .. } | State::Examined { .. }) => Ok(()),
            (Act::Examine, State::Notified { .. } | State::Examined { .. }) => {
                if circumstances.controllers.contains(person.human().subject()) {
                    return Err(Refusal::ExaminerIsController);
                }
                Ok(())
            }
            (Act::Conclude, State::Examined { notification, .. }) => {
                self.check_answered(notification, circumstances.now)
            }
            (_, state) => {
                let state = state.as_str();
                Err(Refusal::WrongState {
                    method,
                    resource: "review",
                    state,
                })
            }
        }
    }

    /// The establishment has answered, or its time to answer is over (CRPA L122-1).
    fn check_answered(
        &self,
        notification: &Notification,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        let due_date = notification.due_date;
        let is_over = legal_day(now, self.region) > due_date;
        if self.observations.is_empty() && !is_over {
            return Err(Refusal::ObservationPeriodRunning { due_date });
        }
        Ok(())
    }

    /// From date to date, to the end of the month when it is shorter.
    fn response_due(&self, months: u32, now: OffsetDateTime) -> Date {
        let months = i32::try_from(months).unwrap_or(i32::MAX);
        add_months(legal_day(now, self.region), months)
    }

    /// The guards that only a proposed sanction has: a finding that can bear one, and a second person.
    fn propose_sanction(
        &self,
        reasons: Reasons,
        by: HumanActor,
        procedure: ProcedureId,
    ) -> Result<Decision, Refusal> {
        if !self
            .findings
            .iter()
            .any(super::AttachedFinding::can_bear_sanction)
        {
            return Err(Refusal::NoSanctionableFinding);
        }
        let examiner = self
            .state
            .examination()
            .map(|examination| examination.by.subject());
        if examiner == Some(by.subject()) {
            return Err(Refusal::SecondPersonRequired);
        }
        let sanction = SanctionProposal {
            procedure,
            review: self.id,
            contract: self.contract,
            region: self.region,
            reasons: reasons.clone(),
            proposer: by.clone(),
        };
        let outcome = Outcome::SanctionProposed;
        let event = HumanEvent::Concluded {
            outcome,
            reasons,
            by,
            procedure: Some(procedure),
        };
        Ok(Decision {
            event,
            sanction: Some(sanction),
        })
    }

    pub(super) fn evolve_human(mut self, event: &HumanEvent, at: OffsetDateTime) -> Self {
        self.version += 1;
        self.updated_at = at;
        if let HumanEvent::ObservationsSubmitted { text, by } = event {
            self.observations.push(Observations {
                text: text.clone(),
                by: by.clone(),
                at,
            });
        }
        self.state = match (self.state, event) {
            (
                State::Open,
                HumanEvent::Notified {
                    message,
                    due_date,
                    by,
                },
            ) => {
                let (message, by, due_date) = (message.clone(), by.clone(), *due_date);
                State::Notified {
                    notification: Notification {
                        message,
                        by,
                        at,
                        due_date,
                    },
                }
            }
            (
                State::Notified { notification } | State::Examined { notification, .. },
                HumanEvent::Examined {
                    analysis,
                    recommended,
                    by,
                },
            ) => {
                let (analysis, by, recommended) = (analysis.clone(), by.clone(), *recommended);
                let examination = Examination {
                    analysis,
                    recommended,
                    by,
                    at,
                };
                State::Examined {
                    notification,
                    examination,
                }
            }
            (
                State::Examined {
                    notification,
                    examination,
                },
                HumanEvent::Concluded {
                    outcome,
                    reasons,
                    by,
                    procedure,
                },
            ) => {
                let (outcome, procedure) = (*outcome, *procedure);
                let (reasons, by) = (reasons.clone(), by.clone());
                let conclusion = Conclusion {
                    outcome,
                    reasons,
                    by,
                    at,
                    procedure,
                };
                State::Concluded {
                    notification,
                    examination,
                    conclusion,
                }
            }
            (state, _) => state,
        };
        self
    }
}

impl SanctionProposal {
    pub fn procedure(&self) -> ProcedureId {
        self.procedure
    }

    pub fn review(&self) -> ReviewId {
        self.review
    }

    pub fn contract(&self) -> ContractId {
        self.contract
    }

    pub fn region(&self) -> Region {
        self.region
    }

    pub fn reasons(&self) -> &Reasons {
        &self.reasons
    }

    pub fn proposer(&self) -> &HumanActor {
        &self.proposer
    }
}

impl Act {
    pub const ALL: [Self; 4] = [
        Self::Notify,
        Self::SubmitObservations,
        Self::Examine,
        Self::Conclude,
    ];

    /// The RPC that does this act.
    pub fn method(self) -> &'static str {
        match self {
            Self::Notify => "NotifyReview",
            Self::SubmitObservations => "SubmitObservations",
            Self::Examine => "ExamineReview",
            Self::Conclude => "ConcludeReview",
        }
    }

    /// Who may do it. The authorization table says the same, and a test holds them together.
    pub fn roles(self) -> &'static [&'static str] {
        match self {
            Self::Notify => &[role::CONTROLLER, role::REVIEWER, role::MANAGER],
            Self::SubmitObservations => &[role::ESTABLISHMENT_DIRECTOR],
            Self::Examine => &[role::REVIEWER],
            Self::Conclude => &[role::MANAGER],
        }
    }
}

impl HumanAct {
    /// The kind of this act.
    pub fn kind(&self) -> Act {
        match self {
            Self::Notify { .. } => Act::Notify,
            Self::SubmitObservations { .. } => Act::SubmitObservations,
            Self::Examine { .. } => Act::Examine,
            Self::Conclude { .. } => Act::Conclude,
        }
    }
}
