//! What people may do to a procedure: the acts, their contents, and who does them.

use kernel::{Decimal, Reasons};
use time::Date;

use super::{AppealKind, AppealOutcome, CapCheck};
use crate::domain::{
    delivery::{Channel, Claim},
    person::role,
    statement::{Attachment, Minutes},
};

/// A kind of act on a procedure. There is no other kind than human.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Open,
    SendNotice,
    RecordReceipt,
    Answer,
    RecordHearing,
    RequestFile,
    GrantFile,
    Extend,
    Acknowledge,
    Drop,
    Decide,
    NotifyDecision,
    RecordPayment,
    Refer,
    FileAppeal,
    EndAppeal,
    ConsultDefence,
    RecordDefenceAnswer,
}

/// An act with its contents.
#[derive(Debug, Clone)]
pub enum HumanAct {
    Open {
        reasons: Reasons,
    },
    /// `months`: how long the establishment has to answer; `consented`: every party consents to the portal.
    SendNotice {
        reasons: Reasons,
        measures: Reasons,
        channel: Channel,
        consented: bool,
        months: u32,
    },
    RecordReceipt(Claim),
    Answer {
        text: Reasons,
        attachments: Vec<Attachment>,
    },
    RecordHearing(Minutes),
    RequestFile,
    GrantFile {
        documents: Reasons,
    },
    Extend {
        reasons: Reasons,
    },
    Acknowledge,
    Drop {
        reasons: Reasons,
    },
    Decide {
        reasons: Reasons,
        sanction: Wanted,
        remedies: String,
        algorithmic_notice: Option<String>,
    },
    /// `months`: how long a penalty may be paid.
    NotifyDecision {
        channel: Channel,
        consented: bool,
        months: u32,
    },
    RecordPayment {
        amount: Decimal,
        date: Date,
        reference: String,
    },
    Refer {
        fund: String,
    },
    FileAppeal {
        kind: AppealKind,
        date: Date,
        grounds: Reasons,
    },
    /// `rank` counts from 1.
    EndAppeal {
        rank: usize,
        outcome: AppealOutcome,
        date: Date,
        reasons: Reasons,
    },
    /// `answer_by`: last day on which the letter awaits the answer.
    ConsultDefence {
        asked_on: Date,
        answer_by: Date,
        letter: String,
        attachments: Vec<Attachment>,
    },
    /// `continuity_until`: last day of the delay that the mission needs, where the minister raised that it does.
    RecordDefenceAnswer {
        received_on: Date,
        text: Reasons,
        continuity_until: Option<Date>,
        attachments: Vec<Attachment>,
    },
}

/// The sanction that a director general wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    Penalty { amount: Decimal, cap: CapCheck },
    Termination { on: Date },
}

impl Act {
    pub const ALL: [Self; 18] = [
        Self::Open,
        Self::SendNotice,
        Self::RecordReceipt,
        Self::Answer,
        Self::RecordHearing,
        Self::RequestFile,
        Self::GrantFile,
        Self::Extend,
        Self::Acknowledge,
        Self::Drop,
        Self::Decide,
        Self::NotifyDecision,
        Self::RecordPayment,
        Self::Refer,
        Self::FileAppeal,
        Self::EndAppeal,
        Self::ConsultDefence,
        Self::RecordDefenceAnswer,
    ];

    /// The RPC that does this act.
    pub fn method(self) -> &'static str {
        match self {
            Self::Open => "OpenProcedure",
            Self::SendNotice => "SendFormalNotice",
            Self::RecordReceipt => "RecordProcedureReceipt",
            Self::Answer => "AnswerFormalNotice",
            Self::RecordHearing => "RecordProcedureHearing",
            Self::RequestFile => "RequestFileAccess",
            Self::GrantFile => "GrantFileAccess",
            Self::Extend => "ExtendFormalNotice",
            Self::Acknowledge => "AcknowledgeObservations",
            Self::Drop => "DropProcedure",
            Self::Decide => "DecideProcedure",
            Self::NotifyDecision => "NotifyDecision",
            Self::RecordPayment => "RecordPayment",
            Self::Refer => "ReferToFund",
            Self::FileAppeal => "FileAppeal",
            Self::EndAppeal => "RecordAppealOutcome",
            Self::ConsultDefence => "ConsultDefence",
            Self::RecordDefenceAnswer => "RecordDefenceAnswer",
        }
    }

    /// Who may do it. The authorization table says the same, and a test holds them together.
    pub fn roles(self) -> &'static [&'static str] {
        match self {
            Self::Open
            | Self::SendNotice
            | Self::Extend
            | Self::Acknowledge
            | Self::Drop
            | Self::Decide => &[role::DIRECTOR_GENERAL, role::MANAGER],
            Self::NotifyDecision | Self::EndAppeal => &[role::MANAGER, role::DIRECTOR_GENERAL],
            Self::RecordReceipt | Self::FileAppeal => &[
                role::ESTABLISHMENT_DIRECTOR,
                role::CONTRACT_MANAGER,
                role::MANAGER,
            ],
            Self::Answer | Self::RequestFile => &[role::ESTABLISHMENT_DIRECTOR],
            Self::RecordHearing => &[
                role::CONTRACT_MANAGER,
                role::MANAGER,
                role::DIRECTOR_GENERAL,
            ],
            Self::GrantFile
            | Self::RecordPayment
            | Self::Refer
            | Self::ConsultDefence
            | Self::RecordDefenceAnswer => &[role::CONTRACT_MANAGER, role::MANAGER],
        }
    }
}

impl Act {
    /// Whether it is the director general's, or that of somebody with a published delegation (CSP L1432-2).
    pub fn is_delegable(self) -> bool {
        matches!(
            self,
            Self::Open
                | Self::SendNotice
                | Self::Extend
                | Self::Acknowledge
                | Self::Drop
                | Self::Decide
        )
    }
}

impl HumanAct {
    /// The kind of this act.
    pub fn kind(&self) -> Act {
        match self {
            Self::Open { .. } => Act::Open,
            Self::SendNotice { .. } => Act::SendNotice,
            Self::RecordReceipt(_) => Act::RecordReceipt,
            Self::Answer { .. } => Act::Answer,
            Self::RecordHearing(_) => Act::RecordHearing,
            Self::RequestFile => Act::RequestFile,
            Self::GrantFile { .. } => Act::GrantFile,
            Self::Extend { .. } => Act::Extend,
            Self::Acknowledge => Act::Acknowledge,
            Self::Drop { .. } => Act::Drop,
            Self::Decide { .. } => Act::Decide,
            Self::NotifyDecision { .. } => Act::NotifyDecision,
            Self::RecordPayment { .. } => Act::RecordPayment,
            Self::Refer { .. } => Act::Refer,
            Self::FileAppeal { .. } => Act::FileAppeal,
            Self::EndAppeal { .. } => Act::EndAppeal,
            Self::ConsultDefence { .. } => Act::ConsultDefence,
            Self::RecordDefenceAnswer { .. } => Act::RecordDefenceAnswer,
        }
    }
}
