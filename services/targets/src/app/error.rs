//! How each refusal of the domain appears on the wire.

use std::time::Duration;

use rpc::{Reason, ReasonDoc, Violation};
use tonic::Code;

use crate::domain::{Defect, Refusal};

/// How long a contract's event takes to arrive, at most, when all is well.
const EVENT_DELAY: Duration = Duration::from_millis(500);

impl rpc::Refusal for Refusal {
    fn reason(&self) -> Reason {
        match self {
            Self::WrongState { state, .. } => {
                Reason::new("WRONG_STATE", Code::FailedPrecondition).with("state", state)
            }
            Self::ContractNotOpen { state } => {
                Reason::new("CONTRACT_NOT_OPEN", Code::FailedPrecondition).with("state", state)
            }
            Self::NoteRequired => Reason::new("NOTE_REQUIRED", Code::InvalidArgument),
            Self::Objectives(defects) => {
                with_defects(Reason::new("OBJECTIVES_INVALID", Code::InvalidArgument), defects)
            }
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
            Self::NotYourSubmission => {
                Reason::new("NOT_YOUR_SUBMISSION", Code::PermissionDenied)
            }
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
            Self::Stopping => Reason::new("STOPPING", Code::Unavailable)
                .retry_after(Duration::from_secs(1)),
        }
    }
}

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

fn violations(defects: &[Defect]) -> Vec<Violation> {
    defects
        .iter()
        .map(|defect| {
            Violation::new(&defect.field, format!("{}: {}", defect.reason, defect.explanation))
        })
        .collect()
}
