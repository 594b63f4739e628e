//! The review: what findings open, and what only people carry on.
//!
//! Two doors lead in. [`machine`] lets a consumer of events open a review and keep its list of findings
//! true; its events can say nothing else. [`human`] asks for a [`Person`](super::Person) for everything
//! after. No function leads from one to the other: « les sanctions perdent leur caractère automatique »
//! (circulaire DGOS/R5/2011/74).

pub mod human;
pub mod machine;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod table;

use kernel::{HumanActor, Reasons, Region};
use time::{Date, OffsetDateTime};

use super::{CampaignId, ContractId, FindingId, ProcedureId, ReviewId, Side};

/// The review of one contract after one campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    pub id: ReviewId,
    pub region: Region,
    pub contract: ContractId,
    pub campaign: CampaignId,
    /// The year that was controlled.
    pub year: i32,
    /// By objective.
    pub findings: Vec<AttachedFinding>,
    /// What the establishment answered, oldest first.
    pub observations: Vec<Observations>,
    pub state: State,
    /// Number of events so far; also the etag.
    pub version: i64,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
}

/// Where a review stands, with the facts of that state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Findings are attached; nobody has looked yet.
    Open,
    Notified {
        notification: Notification,
    },
    Examined {
        notification: Notification,
        examination: Examination,
    },
    Concluded {
        notification: Notification,
        examination: Examination,
        conclusion: Conclusion,
    },
}

/// A finding as the control service raised it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedFinding {
    pub finding: FindingId,
    /// Identifier of the objective in the target set.
    pub objective: String,
    /// One sentence in French.
    pub summary: String,
    pub severity: Severity,
    pub opposable: bool,
    pub penalty_eligible: bool,
    pub attached_at: OffsetDateTime,
    /// Set when the control service withdrew it: it stays on record and no longer counts.
    pub withdrawn: Option<Withdrawal>,
}

/// How gravely a measure departs from its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Info,
    Minor,
    Major,
    Grave,
}

/// The control service took a finding back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    pub reason: String,
    pub at: OffsetDateTime,
}

/// The establishment was invited to answer (CRPA L121-1, L122-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    pub message: Reasons,
    pub by: HumanActor,
    pub at: OffsetDateTime,
    /// Last legal day of the region on which observations are awaited.
    pub due_date: Date,
}

/// What the establishment answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observations {
    pub text: Reasons,
    pub by: HumanActor,
    pub at: OffsetDateTime,
}

/// What a reviewer found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examination {
    pub analysis: Reasons,
    pub recommended: Outcome,
    pub by: HumanActor,
    pub at: OffsetDateTime,
}

/// What a person concluded. It has no legal effect by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion {
    pub outcome: Outcome,
    pub reasons: Reasons,
    pub by: HumanActor,
    pub at: OffsetDateTime,
    /// Reserved for the procedure that a proposed sanction starts; none for any other outcome.
    pub procedure: Option<ProcedureId>,
}

/// What a person may conclude.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    NoAction,
    ActionPlan,
    AmendmentProposed,
    SanctionProposed,
}

/// A fact of the life of a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Machine(machine::MachineEvent),
    Human(human::HumanEvent),
}

impl Review {
    /// The review that a history tells, oldest event first with the instant it was recorded. None when
    /// the history does not begin with an opening.
    pub fn replay<'a>(
        id: ReviewId,
        history: impl IntoIterator<Item = (&'a Event, OffsetDateTime)>,
    ) -> Option<Self> {
        let mut history = history.into_iter();
        let (Event::Machine(machine::MachineEvent::Opened(opening)), at) = history.next()? else {
            return None;
        };
        let opened = Self::opened(id, opening, at);
        Some(history.fold(opened, |review, (event, at)| review.evolve(event, at)))
    }

    /// Applies a fact recorded `at`. Total, and each event counts as one version.
    #[must_use]
    pub fn evolve(self, event: &Event, at: OffsetDateTime) -> Self {
        match event {
            Event::Machine(event) => self.evolve_machine(event, at),
            Event::Human(event) => self.evolve_human(event, at),
        }
    }

    /// Findings that have not been withdrawn.
    pub fn standing_findings(&self) -> impl Iterator<Item = &AttachedFinding> {
        self.findings
            .iter()
            .filter(|finding| finding.withdrawn.is_none())
    }

    /// Whether a finding came or went after the conclusion, so that a person should look again.
    pub fn changed_after_conclusion(&self) -> bool {
        let Some(conclusion) = self.state.conclusion() else {
            return false;
        };
        self.findings.iter().any(|finding| {
            finding.attached_at > conclusion.at
                || finding
                    .withdrawn
                    .as_ref()
                    .is_some_and(|w| w.at > conclusion.at)
        })
    }

    /// Whether one side may read the examination and the conclusion. Preparatory documents are not
    /// communicable while the decision is pending (CRPA L311-2): the establishment reads the examination
    /// once the review is concluded, and neither while a sanction is only proposed.
    pub fn is_disclosed_to(&self, side: Side) -> bool {
        match (side, self.state.conclusion()) {
            (Side::Ars, _) => true,
            (Side::Establishment, None) => false,
            (Side::Establishment, Some(c)) => c.outcome != Outcome::SanctionProposed,
        }
    }
}

impl State {
    /// The text stored in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Notified { .. } => "NOTIFIED",
            Self::Examined { .. } => "EXAMINED",
            Self::Concluded { .. } => "CONCLUDED",
        }
    }

    pub fn notification(&self) -> Option<&Notification> {
        match self {
            Self::Open => None,
            Self::Notified { notification }
            | Self::Examined { notification, .. }
            | Self::Concluded { notification, .. } => Some(notification),
        }
    }

    pub fn examination(&self) -> Option<&Examination> {
        match self {
            Self::Open | Self::Notified { .. } => None,
            Self::Examined { examination, .. } | Self::Concluded { examination, .. } => {
                Some(examination)
            }
        }
    }

    pub fn conclusion(&self) -> Option<&Conclusion> {
        match self {
            Self::Open | Self::Notified { .. } | Self::Examined { .. } => None,
            Self::Concluded { conclusion, .. } => Some(conclusion),
        }
    }
}

impl AttachedFinding {
    /// Whether a person could rest the proposal of a sanction on it: it stands, its objective is opposable
    /// and penalty eligible, and the departure is major at least. A pilot indicator never is
    /// (circulaire DGOS/R5/2011/485).
    pub fn can_bear_sanction(&self) -> bool {
        let stands = self.withdrawn.is_none();
        stands && self.opposable && self.penalty_eligible && self.severity >= Severity::Major
    }
}

impl Severity {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Minor => "MINOR",
            Self::Major => "MAJOR",
            Self::Grave => "GRAVE",
        }
    }
}

impl Outcome {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoAction => "NO_ACTION",
            Self::ActionPlan => "ACTION_PLAN",
            Self::AmendmentProposed => "AMENDMENT_PROPOSED",
            Self::SanctionProposed => "SANCTION_PROPOSED",
        }
    }
}
