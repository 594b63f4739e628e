//! What people may do to a review: the acts, their contents, and who does them.

use kernel::Reasons;
use time::Date;

use super::Outcome;
use crate::domain::{
    AmendmentId, ProcedureId,
    delivery::{Channel, Claim},
    person::role,
    procedure::Kind,
    statement::{Attachment, Minutes},
};

/// A kind of human act on a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Notify,
    RecordReceipt,
    Extend,
    SubmitObservations,
    RecordHearing,
    AddContext,
    Examine,
    Conclude,
    CompleteMilestone,
    Reopen,
}

/// A human act with its contents.
#[derive(Debug, Clone)]
pub enum HumanAct {
    /// `months`: how long the establishment has to answer, a dated parameter of the region. `consented`: every
    /// party consents to the portal.
    Notify {
        message: Reasons,
        channel: Channel,
        consented: bool,
        months: u32,
    },
    RecordReceipt(Claim),
    Extend {
        reasons: Reasons,
    },
    SubmitObservations {
        text: Reasons,
        attachments: Vec<Attachment>,
    },
    RecordHearing(Minutes),
    AddContext {
        title: String,
        text: Reasons,
        references: Vec<String>,
        attachments: Vec<Attachment>,
    },
    Examine {
        analysis: Reasons,
        recommended: Outcome,
    },
    Conclude {
        reasons: Reasons,
        wanted: Wanted,
    },
    /// `rank` counts from 1.
    CompleteMilestone {
        rank: usize,
        note: Reasons,
    },
    Reopen {
        reasons: Reasons,
    },
}

/// What a person asks a conclusion to lead to. Identifiers are reserved for what it would start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    NoAction,
    /// Title and last day of each step.
    ActionPlan {
        milestones: Vec<(String, Date)>,
    },
    /// `objectives`: those whose targets it concerns; empty for those of all standing findings.
    Amendment {
        amendment: AmendmentId,
        objectives: Vec<String>,
    },
    Sanction {
        kind: Kind,
        procedure: ProcedureId,
    },
}

impl Act {
    pub const ALL: [Self; 10] = [
        Self::Notify,
        Self::RecordReceipt,
        Self::Extend,
        Self::SubmitObservations,
        Self::RecordHearing,
        Self::AddContext,
        Self::Examine,
        Self::Conclude,
        Self::CompleteMilestone,
        Self::Reopen,
    ];

    /// The RPC that does this act.
    pub fn method(self) -> &'static str {
        match self {
            Self::Notify => "NotifyReview",
            Self::RecordReceipt => "RecordReviewReceipt",
            Self::Extend => "ExtendObservationPeriod",
            Self::SubmitObservations => "SubmitObservations",
            Self::RecordHearing => "RecordReviewHearing",
            Self::AddContext => "AddReviewContext",
            Self::Examine => "ExamineReview",
            Self::Conclude => "ConcludeReview",
            Self::CompleteMilestone => "CompleteMilestone",
            Self::Reopen => "ReopenReview",
        }
    }

    /// Who may do it. The authorization table says the same, and a test holds them together.
    pub fn roles(self) -> &'static [&'static str] {
        match self {
            Self::Notify | Self::Extend | Self::AddContext => {
                &[role::CONTROLLER, role::REVIEWER, role::MANAGER]
            }
            Self::RecordReceipt => &[
                role::ESTABLISHMENT_DIRECTOR,
                role::CONTRACT_MANAGER,
                role::CONTROLLER,
                role::MANAGER,
            ],
            Self::SubmitObservations => &[role::ESTABLISHMENT_DIRECTOR],
            Self::RecordHearing | Self::CompleteMilestone => &[role::REVIEWER, role::MANAGER],
            Self::Examine => &[role::REVIEWER],
            Self::Conclude | Self::Reopen => &[role::MANAGER],
        }
    }
}

impl HumanAct {
    /// The kind of this act.
    pub fn kind(&self) -> Act {
        match self {
            Self::Notify { .. } => Act::Notify,
            Self::RecordReceipt(_) => Act::RecordReceipt,
            Self::Extend { .. } => Act::Extend,
            Self::SubmitObservations { .. } => Act::SubmitObservations,
            Self::RecordHearing(_) => Act::RecordHearing,
            Self::AddContext { .. } => Act::AddContext,
            Self::Examine { .. } => Act::Examine,
            Self::Conclude { .. } => Act::Conclude,
            Self::CompleteMilestone { .. } => Act::CompleteMilestone,
            Self::Reopen { .. } => Act::Reopen,
        }
    }
}
