//! The amendment (avenant): what it is, where it stands, and how events change it (CSP L6114-1). What may be done is in
//! [`acts`], what it would change in [`impact`].

pub mod acts;
pub mod changes;
mod council;
mod defence;
pub mod impact;
mod later;
mod members;
#[cfg(test)]
mod properties;

use std::collections::BTreeSet;

use kernel::{HumanActor, Reasons, Region};
use time::{Date, OffsetDateTime};

pub use changes::{Changes, Edits};
pub use later::Later;
pub use members::Mover;

use super::{
    AmendmentId, ContractId, ContractText, Side,
    contract::Opinion,
    signature::{DocumentHash, Signature},
};

/// An amendment to one contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amendment {
    pub id: AmendmentId,
    pub contract: ContractId,
    pub region: Region,
    pub reason: Reason,
    pub title: String,
    /// First day of effect.
    pub effect_date: Date,
    pub changes: Changes,
    /// Which draft of the changes, from 1.
    pub revision: i32,
    pub proposed_by: Side,
    pub consultations: BTreeSet<String>,
    /// Opinions on the current revision.
    pub opinions: Vec<Opinion>,
    /// The impact a person acknowledged for the current revision.
    pub acknowledged: Option<Acknowledgement>,
    pub state: State,
    /// Number of events so far; also the etag.
    pub version: i64,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
}

/// Who has read what an amendment would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    pub impact: DocumentHash,
    pub by: HumanActor,
}

/// Why a contract is amended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    RevisionPrs,
    NewAuthorisation,
    /// Mandatory (CSP R6112-5).
    MissionDesignation,
    Funding,
    PostControl,
    PerimeterChange,
    Cref,
    MidtermRevision,
    ReconnaissanceAsr,
    ErrorCorrection,
    /// A party joins or leaves, or another member becomes the support establishment of its group.
    MembershipChange,
}

/// The document under signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frozen {
    /// Consecutive in the contract, from 1.
    pub number: i32,
    pub sha256: DocumentHash,
    /// Version of the amendment at the freeze: signatures under an earlier document never count for it.
    pub at_version: i64,
}

/// Where an amendment stands, with the facts of that state and no others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Proposed,
    /// Holds at most one side: with two the changes are stable.
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
    InEffect {
        frozen: Frozen,
        signatures: Vec<Signature>,
        signed_at: OffsetDateTime,
    },
    Rejected {
        reasons: Reasons,
    },
    Withdrawn {
        reasons: Reasons,
    },
}

/// A proposal, before anybody has answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub contract: ContractId,
    pub region: Region,
    pub reason: Reason,
    pub title: String,
    pub effect_date: Date,
    pub changes: Changes,
    pub consultations: BTreeSet<String>,
    pub side: Side,
}

/// A fact of the life of an amendment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Proposed(Box<Proposal>),
    NegotiationOpened,
    Revised {
        revision: i32,
        effect_date: Date,
        changes: Box<Changes>,
    },
    Agreed {
        revision: i32,
        side: Side,
    },
    ConsultationOpened,
    OpinionRecorded(Opinion),
    ImpactAcknowledged(Acknowledgement),
    Frozen {
        number: i32,
        sha256: DocumentHash,
    },
    SignedByParty(Signature),
    Signed {
        sha256: DocumentHash,
    },
    SignatureWithdrawn {
        side: Side,
        reasons: Reasons,
    },
    Rejected {
        reasons: Reasons,
    },
    Withdrawn {
        reasons: Reasons,
    },
    TookEffect,
}

impl Amendment {
    /// A new proposal.
    pub fn proposed(id: AmendmentId, proposal: Proposal, at: OffsetDateTime) -> Self {
        let Proposal {
            contract,
            region,
            reason,
            title,
            effect_date,
            changes,
            consultations,
            side,
        } = proposal;
        Self {
            id,
            contract,
            region,
            reason,
            title,
            effect_date,
            changes,
            revision: 1,
            proposed_by: side,
            consultations,
            opinions: Vec::new(),
            acknowledged: None,
            state: State::Proposed,
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }

    /// Applies a fact recorded `at`. Total: a fact that no state expects only counts as one more version.
    #[must_use]
    pub fn evolve(mut self, event: &Event, at: OffsetDateTime) -> Self {
        self.version += 1;
        self.updated_at = at;
        let nobody = || State::Negotiation {
            agreed_by: BTreeSet::new(),
        };
        self.state = match (self.state, event) {
            (State::Proposed, Event::NegotiationOpened) => nobody(),
            (
                state,
                Event::Revised {
                    revision,
                    effect_date,
                    changes,
                },
            ) => {
                self.revision = *revision;
                self.effect_date = *effect_date;
                self.changes = Changes::clone(changes);
                self.opinions.clear();
                self.acknowledged = None;
                match state {
                    State::Negotiation { .. } => nobody(),
                    other => other,
                }
            }
            (State::Negotiation { mut agreed_by }, Event::Agreed { side, .. }) => {
                agreed_by.insert(*side);
                State::Negotiation { agreed_by }
            }
            (State::Negotiation { .. }, Event::ConsultationOpened) => State::Consultation,
            (state, Event::OpinionRecorded(opinion)) => {
                self.opinions.push(opinion.clone());
                self.opinions.sort_by(|a, b| a.body.cmp(&b.body));
                state
            }
            (state, Event::ImpactAcknowledged(acknowledgement)) => {
                self.acknowledged = Some(acknowledgement.clone());
                state
            }
            (State::Consultation, Event::Frozen { number, sha256 }) => State::ReadyToSign {
                frozen: Frozen {
                    number: *number,
                    sha256: *sha256,
                    at_version: self.version,
                },
            },
            (State::ReadyToSign { frozen }, Event::SignedByParty(signature)) => {
                State::PartiallySigned {
                    frozen,
                    signatures: vec![signature.clone()],
                }
            }
            (
                State::PartiallySigned {
                    frozen,
                    mut signatures,
                },
                Event::SignedByParty(signature),
            ) => {
                signatures.push(signature.clone());
                signatures.sort_by_key(|signature| signature.party);
                State::PartiallySigned { frozen, signatures }
            }
            (State::PartiallySigned { frozen, signatures }, Event::Signed { .. }) => {
                State::Signed {
                    frozen,
                    signatures,
                    signed_at: at,
                }
            }
            (
                State::ReadyToSign { .. } | State::PartiallySigned { .. },
                Event::SignatureWithdrawn { .. },
            ) => {
                self.acknowledged = None;
                nobody()
            }
            (
                State::Signed {
                    frozen,
                    signatures,
                    signed_at,
                },
                Event::TookEffect,
            ) => State::InEffect {
                frozen,
                signatures,
                signed_at,
            },
            (_, Event::Rejected { reasons }) => State::Rejected {
                reasons: reasons.clone(),
            },
            (_, Event::Withdrawn { reasons }) => State::Withdrawn {
                reasons: reasons.clone(),
            },
            (state, _) => state,
        };
        self
    }
}

/// The contract on a day: its signed text with the amendments whose day of effect has come, by day of effect and then by
/// number. `amendments` are the signed ones, in any order.
pub fn consolidated<'a>(
    text: &ContractText,
    amendments: impl IntoIterator<Item = (Date, i32, &'a Changes)>,
    as_of: Date,
) -> ContractText {
    let mut due: Vec<_> = amendments
        .into_iter()
        .filter(|(effect, _, _)| *effect <= as_of)
        .collect();
    due.sort_by_key(|(effect, number, _)| (*effect, *number));
    let parts = due
        .into_iter()
        .fold(text.clone().into_parts(), |parts, (_, _, changes)| {
            changes.edit(parts)
        });
    ContractText::consolidated(parts)
}

impl State {
    /// The text stored in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Proposed => "PROPOSED",
            Self::Negotiation { .. } => "NEGOTIATION",
            Self::Consultation => "CONSULTATION",
            Self::ReadyToSign { .. } => "READY_TO_SIGN",
            Self::PartiallySigned { .. } => "PARTIALLY_SIGNED",
            Self::Signed { .. } => "SIGNED",
            Self::InEffect { .. } => "IN_EFFECT",
            Self::Rejected { .. } => "REJECTED",
            Self::Withdrawn { .. } => "WITHDRAWN",
        }
    }

    /// The document under signature, from the freeze on.
    pub fn frozen(&self) -> Option<&Frozen> {
        match self {
            Self::ReadyToSign { frozen }
            | Self::PartiallySigned { frozen, .. }
            | Self::Signed { frozen, .. }
            | Self::InEffect { frozen, .. } => Some(frozen),
            Self::Proposed
            | Self::Negotiation { .. }
            | Self::Consultation
            | Self::Rejected { .. }
            | Self::Withdrawn { .. } => None,
        }
    }

    /// Signatures under that document.
    pub fn signatures(&self) -> &[Signature] {
        match self {
            Self::PartiallySigned { signatures, .. }
            | Self::Signed { signatures, .. }
            | Self::InEffect { signatures, .. } => signatures,
            _ => &[],
        }
    }

    /// Whether every party has signed.
    pub fn is_signed(&self) -> bool {
        matches!(self, Self::Signed { .. } | Self::InEffect { .. })
    }

    /// Why it ended without effect.
    pub fn end_reasons(&self) -> Option<&Reasons> {
        match self {
            Self::Rejected { reasons } | Self::Withdrawn { reasons } => Some(reasons),
            _ => None,
        }
    }

    /// Sides that agree to the current revision.
    pub fn agreed_by(&self) -> BTreeSet<Side> {
        match self {
            Self::Negotiation { agreed_by } => agreed_by.clone(),
            Self::Proposed | Self::Rejected { .. } | Self::Withdrawn { .. } => BTreeSet::new(),
            _ => BTreeSet::from([Side::Ars, Side::Establishment]),
        }
    }
}

impl Reason {
    pub const ALL: [Self; 11] = [
        Self::RevisionPrs,
        Self::NewAuthorisation,
        Self::MissionDesignation,
        Self::Funding,
        Self::PostControl,
        Self::PerimeterChange,
        Self::Cref,
        Self::MidtermRevision,
        Self::ReconnaissanceAsr,
        Self::ErrorCorrection,
        Self::MembershipChange,
    ];

    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RevisionPrs => "REVISION_PRS",
            Self::NewAuthorisation => "NEW_AUTHORISATION",
            Self::MissionDesignation => "MISSION_DESIGNATION",
            Self::Funding => "FUNDING",
            Self::PostControl => "POST_CONTROL",
            Self::PerimeterChange => "PERIMETER_CHANGE",
            Self::Cref => "CREF",
            Self::MidtermRevision => "MIDTERM_REVISION",
            Self::ReconnaissanceAsr => "RECONNAISSANCE_ASR",
            Self::ErrorCorrection => "ERROR_CORRECTION",
            Self::MembershipChange => "MEMBERSHIP_CHANGE",
        }
    }
}
