//! The contract: what it is, where it stands, and how events change it. What may be done is in [`acts`].

pub mod acts;
pub mod members;
#[cfg(test)]
mod properties;
pub mod signing;
mod speaking;
pub mod state;
#[cfg(test)]
mod table;
pub mod term;

use std::collections::BTreeSet;

use kernel::{Department, Reasons, Region};
use time::{Date, OffsetDateTime};

pub use self::members::MemberMove;
pub use self::signing::Signing;
pub use state::{Force, State};

use super::{
    ContractId, ContractText, ProcedureId, Side, TargetSetId,
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
    /// Parties that signed amendments let join or leave, in the order in which they take effect.
    pub moves: Vec<MemberMove>,
    /// Last day when it was moved after the signature; none while the text says it.
    pub moved_last_day: Option<Date>,
    /// How many times the term was extended (prorogation).
    pub extensions: u32,
    /// Number of events so far; also the etag.
    pub version: i64,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
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
    /// A side took position on an objective of the current version.
    PositionRecorded(Position),
    /// The last day was moved.
    TermExtended {
        last_day: Date,
        basis: TermBasis,
        reasons: Reasons,
    },
    /// C10.
    NoticeGiven {
        procedure: ProcedureId,
    },
    /// C12.
    NoticeLifted {
        procedure: ProcedureId,
    },
    /// C13.
    Terminated {
        procedure: ProcedureId,
        last_day: Date,
    },
    /// The last day has passed and a successor follows.
    Renewed {
        successor: ContractId,
    },
    /// C19.
    Closed {
        reasons: Reasons,
    },
}

/// Why a last day moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermBasis {
    /// Prorogation.
    Extension,
    TacitRenewal,
    Amendment,
}

/// What a side thinks of an objective of a version of the text. The last one counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    pub text_version: i32,
    /// Code of the objective.
    pub objective: String,
    pub side: Side,
    /// The council that took it, for its side: what one département thinks is not what its neighbour does. None for what a
    /// council said before it was recorded.
    pub council: Option<Department>,
    pub stance: Stance,
    pub comment: String,
}

/// A position in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stance {
    Accepted,
    /// Accepted if amended as the comment says.
    Reserved,
    Refused,
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
            moves: Vec::new(),
            moved_last_day: None,
            extensions: 0,
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
            ) => State::InForce(Force {
                frozen,
                signatures,
                signed_at,
                in_force_at: at,
            }),
            (
                state,
                Event::TermExtended {
                    last_day, basis, ..
                },
            ) => {
                self.moved_last_day = Some(*last_day);
                self.extensions += u32::from(*basis == TermBasis::Extension);
                state
            }
            (State::InForce(force), Event::NoticeGiven { procedure }) => State::UnderNotice {
                force,
                procedure: *procedure,
            },
            (State::UnderNotice { force, .. }, Event::NoticeLifted { .. }) => State::InForce(force),
            (
                State::UnderNotice { force, .. },
                Event::Terminated {
                    procedure,
                    last_day,
                },
            ) => {
                self.moved_last_day = Some(*last_day);
                State::Terminated {
                    force,
                    procedure: *procedure,
                    terminated_at: at,
                }
            }
            (State::InForce(force) | State::UnderNotice { force, .. }, Event::Expired) => {
                State::Expired {
                    force,
                    expired_at: at,
                }
            }
            (
                State::InForce(force) | State::UnderNotice { force, .. },
                Event::Renewed { successor },
            ) => State::Renewed {
                force,
                successor: *successor,
                renewed_at: at,
            },
            (
                State::Expired { force, .. }
                | State::Terminated { force, .. }
                | State::Renewed { force, .. },
                Event::Closed { reasons },
            ) => State::Closed {
                force,
                reasons: reasons.clone(),
                closed_at: at,
            },
            (_, Event::Abandoned { reasons }) => State::Abandoned {
                reasons: reasons.clone(),
                abandoned_at: at,
            },
            (state, _) => state,
        };
        self
    }

    /// Who must sign its text.
    pub fn required_signatories(&self) -> BTreeSet<Party> {
        self.text.signatories()
    }

    /// The last day of the contract, wherever it was moved to.
    pub fn last_day(&self) -> Date {
        self.moved_last_day.unwrap_or(self.text.end_date)
    }

    /// Sides that have agreed to the current version of the text.
    pub fn agreed_by(&self) -> BTreeSet<Side> {
        match &self.state {
            State::Negotiation { agreed_by } => agreed_by.clone(),
            State::Draft | State::Abandoned { .. } => BTreeSet::new(),
            _ => BTreeSet::from([Side::Ars, Side::Establishment]),
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

impl TermBasis {
    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Extension => "extension",
            Self::TacitRenewal => "tacit_renewal",
            Self::Amendment => "amendment",
        }
    }
}

impl Stance {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "ACCEPTED",
            Self::Reserved => "RESERVED",
            Self::Refused => "REFUSED",
        }
    }
}
