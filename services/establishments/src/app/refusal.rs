//! Why this service refuses, in its own terms.

use rpc::{Reason, ReasonDoc};
use tonic::Code;

use crate::import::{Unreadable, reconcile::TooManyClosures};

/// A refusal of a use case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the first message of an upload is the header, alone")]
    HeaderExpected,
    #[error("after the header come the bytes of the file; the header is not repeated")]
    ChunkExpected,
    #[error(
        "the file is larger than {limit} bytes: cut it by département, or have the limit raised"
    )]
    FileTooLarge { limit: usize },
    #[error("nothing came for {seconds} seconds in the middle of the upload; send the file again")]
    UploadStalled { seconds: u64 },
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error(transparent)]
    TooManyClosures(#[from] TooManyClosures),
}

impl rpc::Refusal for Refusal {
    fn reason(&self) -> Reason {
        match self {
            Self::HeaderExpected => Reason::new("HEADER_EXPECTED", Code::InvalidArgument),
            Self::ChunkExpected => Reason::new("CHUNK_EXPECTED", Code::InvalidArgument),
            Self::FileTooLarge { limit } => {
                Reason::new("FILE_TOO_LARGE", Code::InvalidArgument).with("limit_bytes", limit)
            }
            Self::UploadStalled { .. } => Reason::new("UPLOAD_STALLED", Code::DeadlineExceeded),
            Self::Unreadable(unreadable) => Reason::new(unreadable.reason(), Code::InvalidArgument),
            Self::TooManyClosures(too_many) => {
                Reason::new("TOO_MANY_CLOSURES", Code::FailedPrecondition)
                    .with("kind", too_many.kind)
                    .with("closing", too_many.closing)
                    .with("open", too_many.open)
            }
        }
    }
}

/// Every reason above, for `docs/ERRORS.md`.
pub const REASONS: &[ReasonDoc] = &[
    ReasonDoc::new(
        "HEADER_EXPECTED",
        Code::InvalidArgument,
        "send the header first",
    ),
    ReasonDoc::new(
        "CHUNK_EXPECTED",
        Code::InvalidArgument,
        "send the header once, then only bytes",
    ),
    ReasonDoc::new(
        "FILE_TOO_LARGE",
        Code::InvalidArgument,
        "cut the file, or have CPOM_IMPORT_MAX_BYTES raised",
    ),
    ReasonDoc::new(
        "UPLOAD_STALLED",
        Code::DeadlineExceeded,
        "send the file again, with the same request_id",
    ),
    ReasonDoc::new(
        "EMPTY_FILE",
        Code::InvalidArgument,
        "send the bytes of the file after the header",
    ),
    ReasonDoc::new(
        "UNSUPPORTED_ENCODING",
        Code::InvalidArgument,
        "export the file as UTF-8 or windows-1252",
    ),
    ReasonDoc::new(
        "UNKNOWN_LAYOUT",
        Code::InvalidArgument,
        "name the format of the file, or add the columns it lacks",
    ),
    ReasonDoc::new(
        "BAD_JSON",
        Code::InvalidArgument,
        "download the file again: it was cut or damaged",
    ),
    ReasonDoc::new(
        "TOO_MANY_CLOSURES",
        Code::FailedPrecondition,
        "check that the file is whole, or import it without `complete`",
    ),
];

#[cfg(test)]
mod tests {
    use rpc::Refusal as _;

    use super::*;

    #[test]
    fn every_refusal_is_documented_with_its_code() {
        let refusals = [
            Refusal::HeaderExpected,
            Refusal::ChunkExpected,
            Refusal::FileTooLarge { limit: 1 },
            Refusal::UploadStalled { seconds: 1 },
            Refusal::Unreadable(Unreadable::Empty),
            Refusal::Unreadable(Unreadable::Encoding("UTF-16")),
            Refusal::Unreadable(Unreadable::Layout {
                layout: "x",
                problem: String::new(),
            }),
            Refusal::Unreadable(Unreadable::Json {
                line: 1,
                column: 1,
                problem: String::new(),
            }),
            Refusal::TooManyClosures(TooManyClosures {
                kind: "establishments",
                closing: 2,
                open: 3,
                region: "93".parse().unwrap(),
            }),
        ];
        let documented: Vec<_> = REASONS.iter().map(|doc| (doc.reason, doc.code)).collect();
        let refused: Vec<_> = refusals
            .iter()
            .map(|r| (r.reason().reason, r.reason().code))
            .collect();
        assert_eq!(refused, documented);
    }
}
