//! Everything the domain can answer instead of doing what was asked.

use time::Date;

use super::{
    TargetSetId,
    perimeter::Overlap,
    signature::{DocumentHash, Party},
    text::FieldDefect,
};

/// A refusal: what is wrong, where, and what to do. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("{method} is not possible while the {resource} is {state}")]
    WrongState {
        method: &'static str,
        resource: &'static str,
        state: &'static str,
    },
    #[error("{method} is done by a person with one of these roles: {}", roles.join(", "))]
    RoleNotEntitled {
        method: &'static str,
        roles: &'static [&'static str],
    },
    #[error("{method} is an act of a person; a machine cannot do it")]
    HumanRequired { method: &'static str },
    #[error("you represent none of the legal entities of this contract")]
    OutsideMandate,

    #[error("the perimeter does not agree with the registry: {}", first_few(.0))]
    PerimeterNotInRegistry(Vec<FieldDefect>),
    #[error(
        "establishments/{} is already covered by contract {} from {} to {}; change the dates or the perimeter",
        .0.establishment, .0.contract, .0.effect_date, .0.end_date
    )]
    PerimeterOverlap(Overlap),
    #[error("the text covers no establishment")]
    PerimeterEmpty,
    #[error("the text has no strategic objective")]
    NoObjective,
    #[error("the text has {objectives} strategic objectives; regime {regime} allows at most {max}")]
    TooManyObjectives {
        objectives: usize,
        max: u32,
        regime: String,
    },
    #[error(
        "the term ends on {end_date}; regime {regime} allows {max_months} months, that is until {last_day} at the latest"
    )]
    TermTooLong {
        end_date: Date,
        last_day: Date,
        max_months: u32,
        regime: String,
    },
    #[error("your side has already agreed to version {version}")]
    AlreadyAgreed { version: i32 },

    #[error("{body:?} is not one of the consultations of the text")]
    UnknownConsultation { body: String },
    #[error("the opinion of {body:?} on this version is already recorded")]
    OpinionAlreadyRecorded { body: String },
    #[error("an opinion cannot be dated {date}, after today")]
    OpinionInFuture { date: Date },
    #[error("these opinions are still missing: {}", bodies.join(", "))]
    OpinionsMissing { bodies: Vec<String> },
    #[error("the contract has no agreed target set; agree on one before freezing: {explanation}")]
    TargetsNotAgreed { explanation: String },
    #[error("the agreed target set {target_set} is that of another contract")]
    ForeignTargetSet { target_set: TargetSetId },
    #[error("{party} is not a party to this contract")]
    UnknownParty { party: Party },
    #[error("{party} has already signed")]
    AlreadySigned { party: Party },
    #[error("you may not sign for {party}")]
    WrongSignatory { party: Party },
    #[error("the document to sign is {expected}, not {given}; read it again before signing")]
    DocumentHashMismatch {
        expected: DocumentHash,
        given: DocumentHash,
    },

    #[error("the person who examines cannot be one who conducted the campaign")]
    ExaminerIsController,
    #[error(
        "the establishment may still answer until {due_date}; conclude once it has, or from the day after"
    )]
    ObservationPeriodRunning { due_date: Date },
    #[error(
        "no attached finding can bear a sanction: one must be opposable, penalty eligible and at least major"
    )]
    NoSanctionableFinding,
    #[error(
        "the person who examined cannot also propose a sanction; a second person must conclude"
    )]
    SecondPersonRequired,
}

/// The message names some; a long list would help nobody.
fn first_few(defects: &[FieldDefect]) -> String {
    const SHOWN: usize = 5;
    let shown = defects
        .iter()
        .take(SHOWN)
        .map(|defect| defect.explanation.clone());
    let more = defects.len().saturating_sub(SHOWN);
    let rest = (more > 0).then(|| format!("and {more} more"));
    shown.chain(rest).collect::<Vec<_>>().join("; ")
}

impl Refusal {
    /// Stable name, part of the public interface.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "WRONG_STATE",
            Self::RoleNotEntitled { .. } => "ROLE_NOT_ENTITLED",
            Self::HumanRequired { .. } => "HUMAN_REQUIRED",
            Self::OutsideMandate => "OUTSIDE_MANDATE",
            Self::PerimeterNotInRegistry(_) => "PERIMETER_NOT_IN_REGISTRY",
            Self::PerimeterOverlap(_) => "PERIMETER_OVERLAP",
            Self::PerimeterEmpty => "PERIMETER_EMPTY",
            Self::NoObjective => "NO_OBJECTIVE",
            Self::TooManyObjectives { .. } => "TOO_MANY_OBJECTIVES",
            Self::TermTooLong { .. } => "TERM_TOO_LONG",
            Self::AlreadyAgreed { .. } => "ALREADY_AGREED",
            Self::UnknownConsultation { .. } => "UNKNOWN_CONSULTATION",
            Self::OpinionAlreadyRecorded { .. } => "OPINION_ALREADY_RECORDED",
            Self::OpinionInFuture { .. } => "OPINION_IN_FUTURE",
            Self::OpinionsMissing { .. } => "OPINIONS_MISSING",
            Self::TargetsNotAgreed { .. } => "TARGETS_NOT_AGREED",
            Self::ForeignTargetSet { .. } => "FOREIGN_TARGET_SET",
            Self::UnknownParty { .. } => "UNKNOWN_PARTY",
            Self::AlreadySigned { .. } => "ALREADY_SIGNED",
            Self::WrongSignatory { .. } => "WRONG_SIGNATORY",
            Self::DocumentHashMismatch { .. } => "DOCUMENT_HASH_MISMATCH",
            Self::ExaminerIsController => "EXAMINER_IS_CONTROLLER",
            Self::ObservationPeriodRunning { .. } => "OBSERVATION_PERIOD_RUNNING",
            Self::NoSanctionableFinding => "NO_SANCTIONABLE_FINDING",
            Self::SecondPersonRequired => "SECOND_PERSON_REQUIRED",
        }
    }
}
