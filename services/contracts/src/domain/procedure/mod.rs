//! The procedure that a person proposes and a director general opens, carries on and decides: the penalty of
//! CSP R6114-10, the termination of CSP R6114-9, and the penalty for refusing to sign of CASF L313-12, IV ter.
//!
//! There is one door, and it asks for a [`Person`](super::Person): no machine has an act here.

pub mod act;
pub mod defence;
mod evolve;
mod guard;
pub mod human;
mod money;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod table;

use kernel::{Decimal, HumanActor, Reasons, Region};
use time::{Date, OffsetDateTime};

use super::{
    CampaignId, ContractId, ControlId, FindingId, MandateId, ProcedureId, ReviewId, Side,
    delivery::Delay,
    review::human::SanctionProposal,
    statement::{Hearing, Observations},
};

pub use money::CapCheck;

/// A procedure. There are two ways to make one, and each goes through a person: [`Procedure::propose`] after a
/// review, [`human::propose_refusal`] for a refusal to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Procedure {
    pub id: ProcedureId,
    pub region: Region,
    pub contract: ContractId,
    pub kind: Kind,
    pub ground: Ground,
    pub proposal: Proposal,
    pub state: State,
    pub observations: Vec<Observations>,
    pub hearings: Vec<Hearing>,
    pub file_requests: Vec<FileRequest>,
    pub payments: Vec<Payment>,
    pub referral: Option<Referral>,
    pub appeals: Vec<Appeal>,
    /// C13: the minister of defence, before a termination; none while nobody consulted.
    pub defence: Option<defence::Consultation>,
    /// Number of events so far; also the etag.
    pub version: i64,
    pub updated_at: OffsetDateTime,
}

/// Which procedure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Partial or total non-performance (CSP R6114-10).
    Penalty,
    /// A grave breach (CSP R6114-9).
    Termination,
    /// Refusal to sign, on the medico-social side (CASF L313-12, IV ter).
    RefusalToSign,
}

/// What a procedure rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ground {
    /// The finding of a review that a person concluded.
    Review {
        review: ReviewId,
        campaign: CampaignId,
        year: i32,
        finding: FindingId,
        control: Option<ControlId>,
    },
    /// The refusal to sign the contract.
    Refusal,
}

/// Who proposed it, and why. Preparatory until the decision (CRPA L311-2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub reasons: Reasons,
    pub by: HumanActor,
    pub at: OffsetDateTime,
}

/// Where a procedure stands, with the facts of that state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Without effect until a director general opens it.
    Proposed,
    /// P0.
    Opened(Opening),
    /// P1 to P3.
    UnderNotice(Opening, Notice),
    /// P5.
    Decided(Opening, Notice, Decision),
    /// P6. The delay is the one to pay, and runs from the receipt of the decision.
    Notified(Opening, Notice, Decision, Delay),
    /// P4.
    Dropped(Before, Ending),
    /// The decision was annulled on appeal, or taken back.
    Annulled(Opening, Notice, Decision, Delay),
}

/// How far a procedure had come when it was dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Before {
    Proposed,
    Opened(Opening),
    UnderNotice(Opening, Box<Notice>),
}

/// P0: a director general opens it on a reasoned file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    pub reasons: Reasons,
    pub by: HumanActor,
    /// The delegation under which it was done; none for the director general.
    pub mandate: Option<MandateId>,
    pub at: OffsetDateTime,
}

/// P1: the formal notice (mise en demeure motivée).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The breaches.
    pub reasons: Reasons,
    /// What the establishment is asked to do.
    pub measures: Reasons,
    pub by: HumanActor,
    /// The delegation under which it was done; none for the director general.
    pub mandate: Option<MandateId>,
    /// How long it has from the receipt; P3 extends it.
    pub delay: Delay,
    /// Set when the director general certified having read what was said so far.
    pub reading: Option<Reading>,
}

/// Who certified having read, and how many observations and hearings there were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub answers_read: usize,
    pub by: HumanActor,
}

/// P5: what the director general decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub reasons: Reasons,
    pub sanction: Sanction,
    /// Voies et délais de recours, as notified (CJA R421-5).
    pub remedies: String,
    /// That a computed finding contributed (CRPA L311-3-1); none when none did.
    pub algorithmic_notice: Option<String>,
    pub by: HumanActor,
    /// The delegation under which it was done; none for the director general.
    pub mandate: Option<MandateId>,
    pub at: OffsetDateTime,
}

/// What a decision does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sanction {
    /// Euros, two decimals.
    Penalty { amount: Decimal, cap: CapCheck },
    /// Last day of the contract.
    Termination { on: Date },
}

/// P4: why it ended without a sanction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    pub reasons: Reasons,
    pub by: HumanActor,
    /// The delegation under which it was done; none for the director general.
    pub mandate: Option<MandateId>,
    pub at: OffsetDateTime,
}

/// The establishment asked for its file (CRPA L122-2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRequest {
    pub by: HumanActor,
    pub at: OffsetDateTime,
    pub granted: Option<Grant>,
}

/// The file was communicated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub documents: Reasons,
    pub at: OffsetDateTime,
}

/// Money received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Euros, two decimals.
    pub amount: Decimal,
    pub date: Date,
    pub reference: String,
    pub by: HumanActor,
}

/// P7: the unpaid penalty was handed to the health-insurance fund (CSS L162-1-14, IV).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    pub fund: String,
    pub by: HumanActor,
    pub at: OffsetDateTime,
}

/// A challenge to the decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appeal {
    pub kind: AppealKind,
    pub date: Date,
    pub grounds: Reasons,
    /// None while it is pending.
    pub ended: Option<AppealEnd>,
}

/// Before whom a decision is challenged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppealKind {
    Gracious,
    Hierarchical,
    Judicial,
}

/// How an appeal ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppealEnd {
    pub outcome: AppealOutcome,
    pub date: Date,
    pub reasons: Reasons,
}

/// What an appeal does to the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppealOutcome {
    Upheld,
    /// The penalty becomes that many euros.
    Reduced(Decimal),
    Annulled,
    /// The establishment gave it up.
    Withdrawn,
}

/// A fact of the life of a procedure. Each is the act of a person.
pub use human::Event;

impl Procedure {
    /// The procedure that the conclusion of a review proposes. A [`SanctionProposal`] comes from
    /// [`super::Review::by_human`] alone and is used up here, so one conclusion makes one procedure.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "it is used up, so that one conclusion makes one procedure"
    )]
    pub fn propose(proposal: SanctionProposal, at: OffsetDateTime) -> Self {
        let proposed = Proposal {
            reasons: proposal.reasons().clone(),
            by: proposal.proposer().clone(),
            at,
        };
        Self::proposed(
            proposal.procedure(),
            (proposal.region(), proposal.contract()),
            (proposal.kind(), proposal.ground().clone()),
            proposed,
        )
    }

    fn proposed(
        id: ProcedureId,
        (region, contract): (Region, ContractId),
        (kind, ground): (Kind, Ground),
        proposal: Proposal,
    ) -> Self {
        Self {
            id,
            region,
            contract,
            kind,
            ground,
            updated_at: proposal.at,
            proposal,
            state: State::Proposed,
            observations: Vec::new(),
            hearings: Vec::new(),
            file_requests: Vec::new(),
            payments: Vec::new(),
            referral: None,
            appeals: Vec::new(),
            defence: None,
            version: 1,
        }
    }

    /// What was said so far, in writing and at hearings.
    pub fn answers(&self) -> usize {
        self.observations.len() + self.hearings.len()
    }

    /// Whether it exists for one side: a proposal is preparatory, and the establishment knows of a procedure once a
    /// director general has opened it (CRPA L311-2).
    pub fn is_known_to(&self, side: Side) -> bool {
        match side {
            Side::Ars => true,
            Side::Establishment => !matches!(
                self.state,
                State::Proposed | State::Dropped(Before::Proposed, _)
            ),
            Side::Department => false,
        }
    }

    /// Whether one side may read why it was proposed, and a decision: the establishment, once it is notified.
    pub fn is_disclosed_to(&self, side: Side) -> bool {
        match side {
            Side::Ars => true,
            Side::Establishment => matches!(self.state, State::Notified(..) | State::Annulled(..)),
            Side::Department => false,
        }
    }
}

impl Ground {
    /// The review that was concluded.
    pub fn review(&self) -> Option<ReviewId> {
        match self {
            Self::Review { review, .. } => Some(*review),
            Self::Refusal => None,
        }
    }

    /// The finding it rests on.
    pub fn finding(&self) -> Option<FindingId> {
        match self {
            Self::Review { finding, .. } => Some(*finding),
            Self::Refusal => None,
        }
    }
}

impl State {
    /// The text stored in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Proposed => "PROPOSED",
            Self::Opened(..) => "OPENED",
            Self::UnderNotice(..) => "UNDER_NOTICE",
            Self::Decided(..) => "DECIDED",
            Self::Notified(..) => "NOTIFIED",
            Self::Dropped(..) => "DROPPED",
            Self::Annulled(..) => "ANNULLED",
        }
    }

    pub fn opening(&self) -> Option<&Opening> {
        match self {
            Self::Proposed | Self::Dropped(Before::Proposed, _) => None,
            Self::Opened(opening)
            | Self::UnderNotice(opening, _)
            | Self::Decided(opening, ..)
            | Self::Notified(opening, ..)
            | Self::Annulled(opening, ..)
            | Self::Dropped(Before::Opened(opening) | Before::UnderNotice(opening, _), _) => {
                Some(opening)
            }
        }
    }

    pub fn notice(&self) -> Option<&Notice> {
        match self {
            Self::Proposed
            | Self::Opened(..)
            | Self::Dropped(Before::Proposed | Before::Opened(_), _) => None,
            Self::UnderNotice(_, notice)
            | Self::Decided(_, notice, _)
            | Self::Notified(_, notice, ..)
            | Self::Annulled(_, notice, ..) => Some(notice),
            Self::Dropped(Before::UnderNotice(_, notice), _) => Some(notice),
        }
    }

    pub fn decision(&self) -> Option<&Decision> {
        match self {
            Self::Decided(_, _, decision)
            | Self::Notified(_, _, decision, _)
            | Self::Annulled(_, _, decision, _) => Some(decision),
            Self::Proposed | Self::Opened(..) | Self::UnderNotice(..) | Self::Dropped(..) => None,
        }
    }

    /// How the decision was sent, and how long the penalty may be paid.
    pub fn payment_delay(&self) -> Option<&Delay> {
        match self {
            Self::Notified(.., delay) | Self::Annulled(.., delay) => Some(delay),
            Self::Proposed
            | Self::Opened(..)
            | Self::UnderNotice(..)
            | Self::Decided(..)
            | Self::Dropped(..) => None,
        }
    }

    pub fn ending(&self) -> Option<&Ending> {
        match self {
            Self::Dropped(_, ending) => Some(ending),
            _ => None,
        }
    }
}

impl Kind {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Penalty => "PENALTY",
            Self::Termination => "TERMINATION",
            Self::RefusalToSign => "REFUSAL_TO_SIGN",
        }
    }
}

impl AppealKind {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gracious => "GRACIOUS",
            Self::Hierarchical => "HIERARCHICAL",
            Self::Judicial => "JUDICIAL",
        }
    }
}

impl AppealOutcome {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Upheld => "UPHELD",
            Self::Reduced(_) => "REDUCED",
            Self::Annulled => "ANNULLED",
            Self::Withdrawn => "WITHDRAWN",
        }
    }
}
