//! The review: what findings open, and what only people carry on.
//!
//! Two doors lead in. [`machine`] lets a consumer of events open a review and keep its list of findings
//! true; its events can say nothing else. [`human`] asks for a [`Person`](super::Person) for everything
//! after. No function leads from one to the other: « les sanctions perdent leur caractère automatique »
//! (circulaire DGOS/R5/2011/74).

pub mod act;
mod evolve;
mod guard;
pub mod human;
pub mod machine;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod table;

use kernel::{HumanActor, Reasons, Region, legal_time::legal_day};
use time::{Date, OffsetDateTime};

use super::{
    AmendmentId, CampaignId, ContractId, ControlId, FindingId, ProcedureId, ReviewId, Side,
    delivery::{Delay, Delivery},
    statement::{ContextNote, Hearing, Observations},
};

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
    /// What it said at hearings, oldest first.
    pub hearings: Vec<Hearing>,
    pub context: Vec<ContextNote>,
    /// How often a conclusion was taken back to examine again.
    pub reopenings: u32,
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
    /// The control that raised it; none for those attached before controls told.
    pub control: Option<ControlId>,
    pub attached_at: OffsetDateTime,
    /// Set when the control service corrected it: what stands here is the corrected one.
    pub corrected: Option<Correction>,
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

/// The control service corrected a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    pub reason: String,
    pub at: OffsetDateTime,
}

/// The establishment was invited to answer (CRPA L121-1, L122-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    pub message: Reasons,
    pub by: HumanActor,
    /// How it was sent, and how long the establishment has from its receipt.
    pub delay: Delay,
}

/// What a reviewer found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examination {
    pub analysis: Reasons,
    pub recommended: Outcome,
    pub by: HumanActor,
    pub at: OffsetDateTime,
    /// How many observations and hearings the reviewer had before them.
    pub answers_read: usize,
}

/// What a person concluded. It has no legal effect by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion {
    pub ending: Ending,
    pub reasons: Reasons,
    pub by: HumanActor,
    pub at: OffsetDateTime,
}

/// What a conclusion leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Sans suite.
    NoAction,
    ActionPlan {
        milestones: Vec<Milestone>,
    },
    /// `objectives`: those whose targets it concerns.
    AmendmentProposed {
        amendment: AmendmentId,
        objectives: Vec<String>,
    },
    /// The procedure it starts, without effect until a director general opens it.
    SanctionProposed {
        procedure: ProcedureId,
    },
}

/// A step of an action plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    pub title: String,
    /// A legal day of the region.
    pub due: Date,
    pub reached: Option<Reached>,
}

/// The agency took note that a milestone is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    pub note: Reasons,
    pub at: OffsetDateTime,
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

    /// Observations and hearings so far: what an examination must have before it.
    pub fn answers(&self) -> usize {
        self.observations.len() + self.hearings.len()
    }

    /// Whether the establishment has answered the notification, in writing or at a hearing. What it said before
    /// the review was opened again answers an earlier one.
    pub fn is_answered(&self) -> bool {
        let Some(notification) = self.state.notification() else {
            return false;
        };
        let since = notification.delay.delivery.sent_at;
        let written = self.observations.iter().any(|o| o.at >= since);
        written || self.hearings.iter().any(|h| h.at >= since)
    }

    /// Whether a milestone of the action plan should have been reached before today.
    pub fn has_overdue_milestone(&self, now: OffsetDateTime) -> bool {
        let today = legal_day(now, self.region);
        self.state.conclusion().is_some_and(|conclusion| {
            let milestones = conclusion.ending.milestones().iter();
            milestones
                .filter(|m| m.reached.is_none())
                .any(|m| m.due < today)
        })
    }

    /// Whether a finding came, went or was corrected after the conclusion, so that a person should look again.
    pub fn changed_after_conclusion(&self) -> bool {
        let Some(conclusion) = self.state.conclusion() else {
            return false;
        };
        self.findings.iter().any(|finding| {
            let withdrawn_at = finding.withdrawn.as_ref().map(|w| w.at);
            let corrected_at = finding.corrected.as_ref().map(|c| c.at);
            finding.attached_at > conclusion.at
                || withdrawn_at.is_some_and(|at| at > conclusion.at)
                || corrected_at.is_some_and(|at| at > conclusion.at)
        })
    }

    /// Whether one side may read the examination and the conclusion. Preparatory documents are not
    /// communicable while the decision is pending (CRPA L311-2): the establishment reads the examination
    /// once the review is concluded, and neither while a sanction is only proposed.
    pub fn is_disclosed_to(&self, side: Side) -> bool {
        match (side, self.state.conclusion()) {
            (Side::Ars, _) => true,
            // What follows from a control is between the agency and the establishment.
            (Side::Department, _) | (Side::Establishment, None) => false,
            (Side::Establishment, Some(c)) => c.ending.outcome() != Outcome::SanctionProposed,
        }
    }

    /// Whether it exists for one side: the establishment knows of it from its first notification on.
    pub fn is_known_to(&self, side: Side) -> bool {
        match side {
            Side::Ars => true,
            Side::Establishment => self.state != State::Open || self.reopenings > 0,
            Side::Department => false,
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

    /// How the notification was sent.
    pub fn delivery(&self) -> Option<&Delivery> {
        self.notification()
            .map(|notification| &notification.delay.delivery)
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

impl Ending {
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::NoAction => Outcome::NoAction,
            Self::ActionPlan { .. } => Outcome::ActionPlan,
            Self::AmendmentProposed { .. } => Outcome::AmendmentProposed,
            Self::SanctionProposed { .. } => Outcome::SanctionProposed,
        }
    }

    /// The steps of an action plan; none for any other outcome.
    pub fn milestones(&self) -> &[Milestone] {
        match self {
            Self::ActionPlan { milestones } => milestones,
            Self::NoAction | Self::AmendmentProposed { .. } | Self::SanctionProposed { .. } => &[],
        }
    }

    /// The procedure that a proposed sanction starts.
    pub fn procedure(&self) -> Option<ProcedureId> {
        match self {
            Self::SanctionProposed { procedure } => Some(*procedure),
            Self::NoAction | Self::ActionPlan { .. } | Self::AmendmentProposed { .. } => None,
        }
    }
}
