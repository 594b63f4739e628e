//! How each refusal of the domain appears on the wire.

use std::time::Duration;

use rpc::{Reason, ReasonDoc, Violation};
use tonic::Code;

use crate::domain::{Defect, Refusal};

/// How long the event of a contract is usually on its way.
const EVENT_DELAY: Duration = Duration::from_millis(100);

impl rpc::Refusal for Refusal {
    fn reason(&self) -> Reason {
        match self {
            Self::WrongState { state, .. } => {
                Reason::new("WRONG_STATE", Code::FailedPrecondition).with("state", state)
            }
            Self::ContractNotOpen { state } => {
                Reason::new("CONTRACT_NOT_OPEN", Code::FailedPrecondition).with("state", state)
            }
            Self::ContractNotInForce { state } => {
                Reason::new("CONTRACT_NOT_IN_FORCE", Code::FailedPrecondition).with("state", state)
            }
            Self::AmendmentFrozen(amendment) => {
                Reason::new("AMENDMENT_FROZEN", Code::FailedPrecondition)
                    .with("amendment", amendment)
            }
            Self::NoteRequired => Reason::new("NOTE_REQUIRED", Code::InvalidArgument),
            Self::Objectives(defects) => with_defects(
                Reason::new("OBJECTIVES_INVALID", Code::InvalidArgument),
                defects,
            ),
            Self::ObjectivesNoLongerFit(defects) => with_defects(
                Reason::new("OBJECTIVES_NO_LONGER_FIT", Code::FailedPrecondition),
                defects,
            ),
            Self::NotAgreed(_) => Reason::new("NOT_AGREED", Code::FailedPrecondition),
            Self::ContractNotKnownYet(_) => {
                Reason::new("CONTRACT_NOT_KNOWN_YET", Code::FailedPrecondition)
                    .retry_after(EVENT_DELAY)
            }
            Self::TargetSetExists(_) => Reason::new("TARGET_SET_EXISTS", Code::AlreadyExists),
            Self::NotYourSubmission => Reason::new("NOT_YOUR_SUBMISSION", Code::PermissionDenied),
            Self::SubmissionRegion(region) => {
                Reason::new("SUBMISSION_REGION", Code::InvalidArgument).with("region", region)
            }
            Self::SequenceGap { expected, received } => {
                Reason::new("SEQUENCE_GAP", Code::FailedPrecondition)
                    .with("expected", expected)
                    .with("received", received)
            }
            Self::OpeningExpected => Reason::new("OPENING_EXPECTED", Code::InvalidArgument),
            Self::SubmissionTakenOver => Reason::new("SUBMISSION_TAKEN_OVER", Code::Aborted),
            Self::BatchTooLarge { limit, .. } => {
                Reason::new("BATCH_TOO_LARGE", Code::InvalidArgument).with("limit", limit)
            }
            Self::MessageTooLarge { limit_bytes } => {
                Reason::new("MESSAGE_TOO_LARGE", Code::OutOfRange).with("limit_bytes", limit_bytes)
            }
            Self::Stopping => {
                Reason::new("STOPPING", Code::Unavailable).retry_after(Duration::from_secs(1))
            }
        }
    }
}

/// The reasons of this service, for `docs/ERRORS.md`.
pub const REASONS: &[ReasonDoc] = &[
    ReasonDoc::new(
        "WRONG_STATE",
        Code::FailedPrecondition,
        "read the target set again: it has gone further",
    ),
    ReasonDoc::new(
        "CONTRACT_NOT_OPEN",
        Code::FailedPrecondition,
        "withdraw the contract from signature first, if its targets must change",
    ),
    ReasonDoc::new(
        "CONTRACT_NOT_IN_FORCE",
        Code::FailedPrecondition,
        "wait until the contract is in force, or leave `amendment` empty",
    ),
    ReasonDoc::new(
        "AMENDMENT_FROZEN",
        Code::FailedPrecondition,
        "withdraw the amendment from signature first, if its targets must change",
    ),
    ReasonDoc::new(
        "NOTE_REQUIRED",
        Code::InvalidArgument,
        "say in `note` why the set has no objective",
    ),
    ReasonDoc::new(
        "OBJECTIVES_NO_LONGER_FIT",
        Code::FailedPrecondition,
        "replace the objectives so that they fit the contract as it now is",
    ),
    ReasonDoc::new(
        "CONTRACT_NOT_KNOWN_YET",
        Code::FailedPrecondition,
        "wait as RetryInfo says and try again; check the name if it lasts",
    ),
    ReasonDoc::new(
        "TARGET_SET_EXISTS",
        Code::AlreadyExists,
        "find the set with ListTargetSets and replace its objectives",
    ),
    ReasonDoc::new(
        "NOT_YOUR_SUBMISSION",
        Code::PermissionDenied,
        "open a submission of your own, with a new submission_id",
    ),
    ReasonDoc::new(
        "SUBMISSION_REGION",
        Code::InvalidArgument,
        "open another submission for another region",
    ),
    ReasonDoc::new(
        "SEQUENCE_GAP",
        Code::FailedPrecondition,
        "send the batch named in `expected`, then the following ones",
    ),
    ReasonDoc::new(
        "OPENING_EXPECTED",
        Code::InvalidArgument,
        "open the submission with the first message, then send batches only",
    ),
    ReasonDoc::new(
        "SUBMISSION_TAKEN_OVER",
        Code::Aborted,
        "let the connection that opened the submission last go on",
    ),
    ReasonDoc::new(
        "BATCH_TOO_LARGE",
        Code::InvalidArgument,
        "cut the batch in several",
    ),
    ReasonDoc::new(
        "MESSAGE_TOO_LARGE",
        Code::OutOfRange,
        "cut the batch in several",
    ),
    ReasonDoc::new(
        "STOPPING",
        Code::Unavailable,
        "open the submission again: it goes on after the last acknowledged batch",
    ),
    ReasonDoc::new(
        "OBJECTIVES_INVALID",
        Code::InvalidArgument,
        "correct the field named in `field`",
    ),
    ReasonDoc::new(
        "NOT_AGREED",
        Code::FailedPrecondition,
        "let both sides agree first",
    ),
];

fn with_defects(reason: Reason, defects: &[Defect]) -> Reason {
    let first = defects.first();
    reason
        .with("field", first.map_or("", |defect| defect.field.as_str()))
        .with("rule", first.map_or("", |defect| defect.reason))
}

/// Objectives that do not hold together name their fields; every other refusal is a refusal.
pub(crate) fn refused(refusal: Refusal) -> rpc::Error {
    match refusal {
        Refusal::Objectives(defects) => rpc::Error::Invalid(violations(&defects)),
        other => other.into(),
    }
}

pub(crate) fn violations(defects: &[Defect]) -> Vec<Violation> {
    defects
        .iter()
        .map(|defect| {
            Violation::new(
                &defect.field,
                format!("{}: {}", defect.reason, defect.explanation),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use rpc::Refusal as _;

    use super::*;
    use crate::domain::ContractId;

    #[test]
    fn every_refusal_is_documented_with_its_code() {
        let contract = ContractId(uuid::Uuid::from_u128(1));
        let refusals = [
            Refusal::WrongState {
                state: "ended",
                action: "agreeing",
            },
            Refusal::ContractNotOpen { state: "frozen" },
            Refusal::AmendmentFrozen(crate::domain::AmendmentId(uuid::Uuid::from_u128(1))),
            Refusal::ContractNotInForce { state: "open" },
            Refusal::NoteRequired,
            Refusal::Objectives(Vec::new()),
            Refusal::ObjectivesNoLongerFit(Vec::new()),
            Refusal::NotAgreed(Vec::new()),
            Refusal::ContractNotKnownYet(contract),
            Refusal::TargetSetExists(contract),
            Refusal::NotYourSubmission,
            Refusal::SubmissionRegion("93".to_owned()),
            Refusal::SequenceGap {
                expected: 1,
                received: 2,
            },
            Refusal::OpeningExpected,
            Refusal::SubmissionTakenOver,
            Refusal::BatchTooLarge {
                received: 2,
                limit: 1,
            },
            Refusal::MessageTooLarge { limit_bytes: 1 },
            Refusal::Stopping,
        ];
        assert_eq!(refusals.len(), REASONS.len());
        for refusal in refusals {
            let Reason { reason, code, .. } = refusal.reason();
            let documented = REASONS.iter().find(|doc| doc.reason == reason);
            assert_eq!(documented.map(|doc| doc.code), Some(code), "{refusal:?}");
        }
    }
}
