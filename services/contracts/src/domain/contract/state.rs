//! Where a contract stands, with the facts of that state and no others.

use std::collections::BTreeSet;

use kernel::Reasons;
use time::OffsetDateTime;

use crate::domain::{
    ContractId, ProcedureId, Refusal, Side,
    signature::{Frozen, Signature},
};

/// The facts of a contract that has been in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Force {
    pub frozen: Frozen,
    pub signatures: Vec<Signature>,
    pub signed_at: OffsetDateTime,
    pub in_force_at: OffsetDateTime,
}

/// Where a contract stands, with the facts of that state and no others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Draft,
    /// Both sides exchange versions. `agreed_by` holds at most one side: with two the text is stable.
    Negotiation {
        agreed_by: BTreeSet<Side>,
    },
    Consultation,
    ReadyToSign {
        frozen: Frozen,
    },
    PartiallySigned {
        frozen: Frozen,
        signatures: Vec<Signature>,
    },
    Signed {
        frozen: Frozen,
        signatures: Vec<Signature>,
        signed_at: OffsetDateTime,
    },
    InForce(Force),
    /// In force, with a formal notice before termination running (CSP R6114-9).
    UnderNotice {
        force: Force,
        procedure: ProcedureId,
    },
    /// Ended by a decision of the director general.
    Terminated {
        force: Force,
        procedure: ProcedureId,
        terminated_at: OffsetDateTime,
    },
    Expired {
        force: Force,
        expired_at: OffsetDateTime,
    },
    /// Ended, and followed by another contract.
    Renewed {
        force: Force,
        successor: ContractId,
        renewed_at: OffsetDateTime,
    },
    /// Evaluated to the end and archived.
    Closed {
        force: Force,
        reasons: Reasons,
        closed_at: OffsetDateTime,
    },
    Abandoned {
        reasons: Reasons,
        abandoned_at: OffsetDateTime,
    },
}

impl State {
    /// The text stored in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::Negotiation { .. } => "NEGOTIATION",
            Self::Consultation => "CONSULTATION",
            Self::ReadyToSign { .. } => "READY_TO_SIGN",
            Self::PartiallySigned { .. } => "PARTIALLY_SIGNED",
            Self::Signed { .. } => "SIGNED",
            Self::InForce(_) => "IN_FORCE",
            Self::UnderNotice { .. } => "NOTICE_OF_TERMINATION",
            Self::Terminated { .. } => "TERMINATED",
            Self::Expired { .. } => "EXPIRED",
            Self::Renewed { .. } => "RENEWED",
            Self::Closed { .. } => "CLOSED",
            Self::Abandoned { .. } => "ABANDONED",
        }
    }

    /// The facts of a contract that has been in force, whatever became of it.
    pub fn force(&self) -> Option<&Force> {
        match self {
            Self::InForce(force)
            | Self::UnderNotice { force, .. }
            | Self::Terminated { force, .. }
            | Self::Expired { force, .. }
            | Self::Renewed { force, .. }
            | Self::Closed { force, .. } => Some(force),
            Self::Draft
            | Self::Negotiation { .. }
            | Self::Consultation
            | Self::ReadyToSign { .. }
            | Self::PartiallySigned { .. }
            | Self::Signed { .. }
            | Self::Abandoned { .. } => None,
        }
    }

    /// The document under signature, from the freeze on.
    pub fn frozen(&self) -> Option<&Frozen> {
        match self {
            Self::ReadyToSign { frozen }
            | Self::PartiallySigned { frozen, .. }
            | Self::Signed { frozen, .. } => Some(frozen),
            other => other.force().map(|force| &force.frozen),
        }
    }

    /// Signatures under that document.
    pub fn signatures(&self) -> &[Signature] {
        match self {
            Self::PartiallySigned { signatures, .. } | Self::Signed { signatures, .. } => {
                signatures
            }
            other => other.force().map_or(&[], |force| &force.signatures),
        }
    }

    /// Whether every party has signed, whatever became of the contract.
    pub fn is_signed(&self) -> bool {
        matches!(self, Self::Signed { .. }) || self.force().is_some()
    }

    /// Whether every party has signed and the contract has not ended: it can be amended and followed.
    pub fn binds(&self) -> bool {
        matches!(
            self,
            Self::Signed { .. } | Self::InForce(_) | Self::UnderNotice { .. }
        )
    }

    /// What a method is refused with that is not possible while the contract stands here.
    pub fn refuses(&self, method: &'static str) -> Refusal {
        Refusal::WrongState {
            method,
            resource: "contract",
            state: self.as_str(),
        }
    }
}
