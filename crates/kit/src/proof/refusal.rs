//! Why something cannot be proved or exported.

use std::time::Duration;

use rpc::{Reason, ReasonDoc, Refusal};
use tonic::Code;

/// Reasons of the methods that every service has, for `docs/ERRORS.md`.
pub const REASONS: &[ReasonDoc] = &[
    ReasonDoc::new(
        "NO_CHECKPOINT",
        Code::FailedPrecondition,
        "wait until the first events are sealed; when it stays so, the operators have configured no key to sign with",
    ),
    ReasonDoc::new(
        "EVENT_NOT_SEALED",
        Code::FailedPrecondition,
        "wait as RetryInfo says: an event is sealed within seconds, and the checkpoint must be later than it",
    ),
    ReasonDoc::new(
        "UNKNOWN_TREE_SIZE",
        Code::FailedPrecondition,
        "ask for the size of a checkpoint, as ListCheckpoints gives them",
    ),
    ReasonDoc::new(
        "EXPORT_TOO_LARGE",
        Code::FailedPrecondition,
        "narrow the export by period, region or contract, and make several",
    ),
    ReasonDoc::new(
        "EXPORTS_FULL",
        Code::ResourceExhausted,
        "wait until one of your saved exports expires",
    ),
    ReasonDoc::new(
        "EXPORT_NOT_READY",
        Code::FailedPrecondition,
        "wait as RetryInfo says: the file is made in the background",
    ),
    ReasonDoc::new(
        "EXPORT_EXPIRED",
        Code::FailedPrecondition,
        "order the export again: its file was deleted when its time was over",
    ),
];

/// How long sealing usually takes.
const SOON: Duration = Duration::from_secs(5);

#[derive(Debug, thiserror::Error)]
pub(crate) enum ProofRefusal {
    #[error("this log has no signed checkpoint yet")]
    NoCheckpoint,
    #[error(
        "event {event} is not in the log of {tree_size} events; ask for a later checkpoint in a moment"
    )]
    NotSealed { event: String, tree_size: i64 },
    #[error("no checkpoint was signed at {tree_size} events, or it is later than the other one")]
    UnknownSize { tree_size: i64 },
    #[error(
        "the export would hold more than {limit} events; narrow it by {narrow}, and make several"
    )]
    TooLarge { limit: i64, narrow: &'static str },
    #[error("you have {most} saved exports; wait until one of them expires")]
    Full { most: i64 },
    #[error("the export is still being made; try again in a moment")]
    NotReady,
    #[error("the export has expired, and its file was deleted; order it again")]
    Expired,
}

impl Refusal for ProofRefusal {
    fn reason(&self) -> Reason {
        let reason = |name| Reason::new(name, Code::FailedPrecondition);
        match self {
            Self::NoCheckpoint => reason("NO_CHECKPOINT"),
            Self::NotSealed { event, tree_size } => reason("EVENT_NOT_SEALED")
                .with("event", event)
                .with("tree_size", tree_size)
                .retry_after(SOON),
            Self::UnknownSize { tree_size } => {
                reason("UNKNOWN_TREE_SIZE").with("tree_size", tree_size)
            }
            Self::TooLarge { limit, narrow } => reason("EXPORT_TOO_LARGE")
                .with("limit", limit)
                .with("narrow", narrow),
            Self::Full { most } => {
                Reason::new("EXPORTS_FULL", Code::ResourceExhausted).with("most", most)
            }
            Self::NotReady => reason("EXPORT_NOT_READY").retry_after(SOON),
            Self::Expired => reason("EXPORT_EXPIRED"),
        }
    }
}
