//! Why the domain says no. Reasons are public API: see `app/error.rs` for codes.

use super::{AmendmentId, ContractId, Defect, Side};

/// A command that the rules do not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the target set is {state}: {action} is not possible any more")]
    WrongState {
        state: &'static str,
        action: &'static str,
    },
    #[error(
        "the contract is {state}: its targets can be drafted only until the document is frozen"
    )]
    ContractNotOpen { state: &'static str },
    #[error(
        "the contract is {state}: targets of an amendment are prepared while the contract is in force"
    )]
    ContractNotInForce { state: &'static str },
    #[error(
        "the document of {0} is frozen: its targets stand still until a party withdraws from the signature"
    )]
    AmendmentFrozen(AmendmentId),
    #[error("a set without objectives needs a note that says why")]
    NoteRequired,
    #[error("the objectives do not hold together; each violation names its field")]
    Objectives(Vec<Defect>),
    #[error(
        "the contract has changed since these objectives were written and they no longer fit it; replace them first"
    )]
    ObjectivesNoLongerFit(Vec<Defect>),
    #[error("both sides have to agree before the contract takes effect; missing: {}", missing(.0))]
    NotAgreed(Vec<Side>),
    #[error("{0} is not known here yet; it may just have been drafted: try again in a moment")]
    ContractNotKnownYet(ContractId),
    #[error("{0} has a target set already; replace its objectives instead")]
    TargetSetExists(ContractId),
    #[error("this submission was opened by somebody else")]
    NotYourSubmission,
    #[error("this submission belongs to region {0}; open another one for another region")]
    SubmissionRegion(String),
    #[error(
        "batch {expected} was expected and batch {received} arrived; send the missing ones first"
    )]
    SequenceGap { expected: i64, received: i64 },
    #[error("the first message must open the submission, and only the first")]
    OpeningExpected,
    #[error("another connection has opened this submission since; only the latest one writes")]
    SubmissionTakenOver,
    #[error("a batch holds at most {limit} values, this one has {received}; cut it in several")]
    BatchTooLarge { received: usize, limit: usize },
    #[error("a message has at most {limit_bytes} bytes; cut the batch in several")]
    MessageTooLarge { limit_bytes: usize },
    #[error("the service is stopping; open the submission again to go on where it stands")]
    Stopping,
}

fn missing(sides: &[Side]) -> String {
    sides
        .iter()
        .map(|side| side.as_str())
        .collect::<Vec<_>>()
        .join(" and ")
}
