//! The contract: what it is, where it stands, and how events change it. What may be done is in [`acts`].

pub mod acts;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod table;

use std::collections::BTreeSet;

use kernel::{Reasons, Region};
use time::{Date, OffsetDateTime};

use super::{
    ContractId, ContractText, Side, TargetSetId,
    signature::{DocumentHash, Frozen, Party, Signature},
};

/// A contract between the agency of a region and legal entities (CSP L6114-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    pub id: ContractId,
    pub region: Region,
    /// For people: `93-2026-0042`.
    pub number: String,
    /// Code of the regime of the day it was drafted.
    pub legal_regime: String,
    pub text: ContractText,
    /// Number of the current version of the text, from 1.
    pub text_version: i32,
    /// Opinions on the current version of the text, by body. They stay when a signature is withdrawn, and go with
    /// the text they speak of when a new version replaces it.
    pub opinions: Vec<Opinion>,
    pub state: State,
    /// Number of events so far; also the etag.
    pub version: i64,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
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
    InForce {
        frozen: Frozen,
        signatures: Vec<Signature>,
        signed_at: OffsetDateTime,
        in_force_at: OffsetDateTime,
    },
    Expired {
        frozen: Frozen,
        signatures: Vec<Signature>,
        signed_at: OffsetDateTime,
        in_force_at: OffsetDateTime,
        expired_at: OffsetDateTime,
    },
    Abandoned {
        reasons: Reasons,
        abandoned_at: OffsetDateTime,
    },
}

/// What a consulted body said. An opinion informs, it does not bind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// One of the consultations of the text.
    pub body: String,
    pub sense: OpinionSense,
    pub date: Date,
    pub comment: String,
}

/// The sense of an opinion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpinionSense {
    Favourable,
    Reserved,
    Unfavourable,
    /// The body took note (information, concertation).
    Noted,
}

/// A fact of the life of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// C1.
    Drafted {
        region: Region,
        number: String,
        legal_regime: String,
        text: ContractText,
    },
    /// C2.
    NegotiationOpened,
    /// C3.
    VersionProposed {
        number: i32,
        text: ContractText,
        comment: String,
    },
    /// C4, one side.
    VersionAgreed {
        number: i32,
        side: Side,
    },
    /// C4, both sides.
    ConsultationOpened,
    OpinionRecorded(Opinion),
    /// C5.
    Frozen {
        target_set: TargetSetId,
        sha256: DocumentHash,
    },
    /// C6, one party.
    SignedByParty(Signature),
    /// C6, the last party.
    Signed {
        sha256: DocumentHash,
    },
    /// C7.
    SignatureWithdrawn {
        side: Side,
        reasons: Reasons,
    },
    /// C8.
    TookEffect,
    /// C18.
    Expired,
    /// C20.
    Abandoned {
        reasons: Reasons,
    },
}

impl Contract {
    /// The contract that a history tells, oldest event first with the instant it was recorded. None when
    /// the history does not begin with a draft.
    pub fn replay<'a>(
        id: ContractId,
        history: impl IntoIterator<Item = (&'a Event, OffsetDateTime)>,
    ) -> Option<Self> {
        let mut history = history.into_iter();
        let (
            Event::Drafted {
                region,
                number,
                legal_regime,
                text,
            },
            at,
        ) = history.next()?
        else {
            return None;
        };
        let draft = Self {
            id,
            region: *region,
            number: number.clone(),
            legal_regime: legal_regime.clone(),
            text: text.clone(),
            text_version: 1,
            opinions: Vec::new(),
            state: State::Draft,
            version: 1,
            created_at: at,
            updated_at: at,
        };
        Some(history.fold(draft, |contract, (event, at)| contract.evolve(event, at)))
    }

    /// Applies a fact recorded `at`. Total: a fact that no state expects only counts as one more version.
    #[must_use]
    pub fn evolve(mut self, event: &Event, at: OffsetDateTime) -> Self {
        self.version += 1;
        self.updated_at = at;
        self.state = match (self.state, event) {
            (state, Event::VersionProposed { number, text, .. }) => {
                self.text = text.clone();
                self.text_version = *number;
                self.opinions.clear();
                match state {
                    State::Negotiation { .. } => State::Negotiation {
                        agreed_by: BTreeSet::new(),
                    },
                    other => other,
                }
            }
            (State::Negotiation { mut agreed_by }, Event::VersionAgreed { side, .. }) => {
                agreed_by.insert(*side);
                State::Negotiation { agreed_by }
            }
            (State::Negotiation { .. }, Event::ConsultationOpened) => State::Consultation,
            (state, Event::OpinionRecorded(opinion)) => {
                self.opinions.push(opinion.clone());
                self.opinions.sort_by(|a, b| a.body.cmp(&b.body));
                state
            }
            (State::Consultation, Event::Frozen { target_set, sha256 }) => {
                let (target_set, sha256) = (*target_set, *sha256);
                let frozen = Frozen {
                    target_set,
                    sha256,
                    at_version: self.version,
                    at,
                };
                State::ReadyToSign { frozen }
            }
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
            (State::Draft, Event::NegotiationOpened)
            | (
                State::ReadyToSign { .. } | State::PartiallySigned { .. },
                Event::SignatureWithdrawn { .. },
            ) => State::Negotiation {
                agreed_by: BTreeSet::new(),
            },
            (
                State::Signed {
                    frozen,
                    signatures,
                    signed_at,
                },
                Event::TookEffect,
            ) => State::InForce {
                frozen,
                signatures,
                signed_at,
                in_force_at: at,
            },
            (
                State::InForce {
                    frozen,
                    signatures,
                    signed_at,
                    in_force_at,
                },
                Event::Expired,
            ) => State::Expired {
                frozen,
                signatures,
                signed_at,
                in_force_at,
                expired_at: at,
            },
            (_, Event::Abandoned { reasons }) => State::Abandoned {
                reasons: reasons.clone(),
                abandoned_at: at,
            },
            (state, _) => state,
        };
        self
    }

    /// Who must sign: the agency and every legal entity.
    pub fn required_signatories(&self) -> BTreeSet<Party> {
        let entities = self
            .text
            .legal_entities
            .iter()
            .copied()
            .map(Party::LegalEntity);
        std::iter::once(Party::Ars).chain(entities).collect()
    }

    /// Sides that have agreed to the current version of the text.
    pub fn agreed_by(&self) -> BTreeSet<Side> {
        match &self.state {
            State::Negotiation { agreed_by } => agreed_by.clone(),
            State::Draft | State::Abandoned { .. } => BTreeSet::new(),
            State::Consultation
            | State::ReadyToSign { .. }
            | State::PartiallySigned { .. }
            | State::Signed { .. }
            | State::InForce { .. }
            | State::Expired { .. } => BTreeSet::from([Side::Ars, Side::Establishment]),
        }
    }
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
            Self::InForce { .. } => "IN_FORCE",
            Self::Expired { .. } => "EXPIRED",
            Self::Abandoned { .. } => "ABANDONED",
        }
    }

    /// The document under signature, from the freeze on.
    pub fn frozen(&self) -> Option<&Frozen> {
        match self {
            Self::ReadyToSign { frozen }
            | Self::PartiallySigned { frozen, .. }
            | Self::Signed { frozen, .. }
            | Self::InForce { frozen, .. }
            | Self::Expired { frozen, .. } => Some(frozen),
            Self::Draft
            | Self::Negotiation { .. }
            | Self::Consultation
            | Self::Abandoned { .. } => None,
        }
    }

    /// Signatures under that document.
    pub fn signatures(&self) -> &[Signature] {
        match self {
            Self::PartiallySigned { signatures, .. }
            | Self::Signed { signatures, .. }
            | Self::InForce { signatures, .. }
            | Self::Expired { signatures, .. } => signatures,
            Self::Draft
            | Self::Negotiation { .. }
            | Self::Consultation
            | Self::ReadyToSign { .. }
            | Self::Abandoned { .. } => &[],
        }
    }
}

impl OpinionSense {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Favourable => "FAVOURABLE",
            Self::Reserved => "RESERVED",
            Self::Unfavourable => "UNFAVOURABLE",
            Self::Noted => "NOTED",
        }
    }
}
