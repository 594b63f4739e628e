//! What a use case answers instead of success, and the only place that makes a `Status` of it.

use std::{collections::HashMap, time::Duration};

use proto::types::v1::Change;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt as _};

use crate::etag;

/// A stable, documented cause of a refusal: `docs/ERRORS.md` is generated from these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReasonDoc {
    /// `UPPER_SNAKE`; part of the public interface.
    pub reason: &'static str,
    pub code: Code,
    /// What the caller can do.
    pub remedy: &'static str,
}

impl ReasonDoc {
    pub const fn new(reason: &'static str, code: Code, remedy: &'static str) -> Self {
        Self {
            reason,
            code,
            remedy,
        }
    }
}

/// How a domain's refusal appears on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub reason: &'static str,
    pub code: Code,
    /// Facts for programs: state, expected and actual values.
    pub metadata: Vec<(&'static str, String)>,
    /// When trying again may help.
    pub retry_after: Option<Duration>,
}

impl Reason {
    /// A reason with its code and nothing else.
    pub fn new(reason: &'static str, code: Code) -> Self {
        Self {
            reason,
            code,
            metadata: Vec::new(),
            retry_after: None,
        }
    }

    /// A reason with the code that its list has for it. One that is not listed is a bug, for a test to find.
    pub fn listed(reason: &'static str, list: &[ReasonDoc]) -> Self {
        let doc = list.iter().find(|doc| doc.reason == reason);
        Self::new(reason, doc.map_or(Code::Internal, |doc| doc.code))
    }

    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "texts and numbers read better without `&`"
    )]
    pub fn with(mut self, key: &'static str, value: impl ToString) -> Self {
        self.metadata.push((key, value.to_string()));
        self
    }

    #[must_use]
    pub fn retry_after(mut self, delay: Duration) -> Self {
        self.retry_after = Some(delay);
        self
    }
}

/// A refusal of a domain. Its `Display` says what is wrong and what to do.
pub trait Refusal: std::error::Error + Send + Sync + 'static {
    /// The reason, its code and its facts, in one match.
    fn reason(&self) -> Reason;
}

/// A field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Path in the request, for example `text.effect_date`.
    pub field: String,
    pub description: String,
}

impl Violation {
    #[expect(
        clippy::needless_pass_by_value,
        reason = "texts and numbers read better without `&`"
    )]
    pub fn new(field: impl Into<String>, description: impl ToString) -> Self {
        Self {
            field: field.into(),
            description: description.to_string(),
        }
    }
}

/// Everything a use case can answer instead of success.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the request is not valid: {}", .0.first().map_or_else(String::new, |v| format!("{}: {}", v.field, v.description)))]
    Invalid(Vec<Violation>),
    /// Unknown, or hidden from this caller: the difference is not told.
    #[error("{0} was not found")]
    NotFound(String),
    /// The caller is known and may not do this.
    #[error("{explanation}")]
    Denied {
        permission: String,
        explanation: String,
    },
    #[error("the resource changed since it was read; read it again and decide again")]
    Stale {
        expected: String,
        actual: String,
        /// What was done to it meanwhile, as far as the caller may know.
        changes: Vec<Change>,
    },
    #[error("{0}")]
    Refused(Box<dyn Refusal>),
    #[error("this request_id was already used for another request; use a new one")]
    RequestReused,
    /// Something this service needs does not answer.
    #[error("{0} does not answer at the moment; try again")]
    Unavailable(&'static str),
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// One wrong field.
    pub fn invalid(field: impl Into<String>, description: impl ToString) -> Self {
        Self::Invalid(vec![Violation::new(field, description)])
    }

    /// A bug or an inconsistency: logged once here, never told to the caller.
    pub fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(error.into())
    }
}

impl<R: Refusal> From<R> for Error {
    fn from(refusal: R) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::RequestReused => Self::RequestReused,
            store::Error::Unavailable(cause) | store::Error::Busy(cause) => {
                tracing::warn!(%cause, "the database does not answer");
                Self::Unavailable("the database")
            }
            other if store::constraint(&other) == Some("event_version_key") => Self::Stale {
                expected: String::new(),
                actual: String::new(),
                changes: Vec::new(),
            },
            other => Self::Internal(Box::new(other)),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        store::Error::from(error).into()
    }
}

/// Reasons that any method can answer.
pub const COMMON_REASONS: [ReasonDoc; 13] = [
    ReasonDoc::new(
        "INVALID_ARGUMENT",
        Code::InvalidArgument,
        "correct the fields named in BadRequest",
    ),
    ReasonDoc::new(
        "NOT_FOUND",
        Code::NotFound,
        "check the name; it may exist and be outside your scope",
    ),
    ReasonDoc::new(
        "PERMISSION_DENIED",
        Code::PermissionDenied,
        "ask for the role or the scope that is named",
    ),
    ReasonDoc::new(
        "MISSION_REQUIRED",
        Code::PermissionDenied,
        "an auditor’s token names its mission: ask whoever opened it",
    ),
    ReasonDoc::new(
        "MISSION_NOT_OPEN",
        Code::PermissionDenied,
        "the mission has not begun or is over: ask whoever opened it",
    ),
    ReasonDoc::new(
        "OUTSIDE_MISSION",
        Code::PermissionDenied,
        "a mission over some contracts reads their histories, exports and proofs",
    ),
    ReasonDoc::new(
        "UNAUTHENTICATED",
        Code::Unauthenticated,
        "send a valid, unexpired token of a known issuer",
    ),
    ReasonDoc::new(
        "ETAG_MISMATCH",
        Code::Aborted,
        "read the resource again, look at what changed, decide again",
    ),
    ReasonDoc::new(
        "REQUEST_ID_REUSED",
        Code::InvalidArgument,
        "use a new request_id for a new request",
    ),
    ReasonDoc::new(
        "UNAVAILABLE",
        Code::Unavailable,
        "wait as RetryInfo says and send the same request again",
    ),
    ReasonDoc::new(
        "OVERLOADED",
        Code::ResourceExhausted,
        "wait as RetryInfo says and send the same request again",
    ),
    ReasonDoc::new(
        "DEADLINE_EXCEEDED",
        Code::DeadlineExceeded,
        "the work may have been done: repeat with the same request_id",
    ),
    ReasonDoc::new(
        "INTERNAL",
        Code::Internal,
        "report it with the id in RequestInfo: it names the cause in the log",
    ),
];

/// Domain of every `ErrorInfo`.
const DOMAIN: &str = "cpom";
const RETRY: Duration = Duration::from_secs(1);

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        let mut details = ErrorDetails::new();
        let mut facts: HashMap<String, String> = HashMap::new();
        let (code, reason) = match &error {
            Error::Invalid(violations) => {
                let violations = violations
                    .iter()
                    .map(|v| FieldViolation::new(&v.field, &v.description))
                    .collect::<Vec<_>>();
                details.set_bad_request(violations);
                (Code::InvalidArgument, "INVALID_ARGUMENT")
            }
            Error::NotFound(name) => {
                details.set_resource_info("", name, "", "");
                (Code::NotFound, "NOT_FOUND")
            }
            Error::Denied { permission, .. } => {
                facts.insert("permission".to_owned(), permission.clone());
                (Code::PermissionDenied, "PERMISSION_DENIED")
            }
            Error::Stale {
                expected, actual, ..
            } => {
                facts.insert("expected".to_owned(), expected.clone());
                facts.insert("actual".to_owned(), actual.clone());
                (Code::Aborted, "ETAG_MISMATCH")
            }
            Error::Refused(refusal) => {
                let reason = refusal.reason();
                for (key, value) in reason.metadata {
                    facts.insert(key.to_owned(), value);
                }
                if let Some(delay) = reason.retry_after {
                    details.set_retry_info(Some(delay));
                }
                if reason.code == Code::FailedPrecondition {
                    details.add_precondition_failure_violation(
                        reason.reason,
                        facts.get("state").cloned().unwrap_or_default(),
                        refusal.to_string(),
                    );
                }
                (reason.code, reason.reason)
            }
            Error::RequestReused => (Code::InvalidArgument, "REQUEST_ID_REUSED"),
            Error::Unavailable(_) => {
                details.set_retry_info(Some(RETRY));
                (Code::Unavailable, "UNAVAILABLE")
            }
            Error::Internal(cause) => {
                tracing::error!(error = &**cause as &dyn std::error::Error, "request failed");
                if let Some(trace_id) = telemetry::current_trace_id() {
                    details.set_request_info(trace_id, "");
                }
                (Code::Internal, "INTERNAL")
            }
        };
        details.set_error_info(reason, DOMAIN, facts);
        let status = Status::with_error_details(code, error.to_string(), details);
        match error {
            Error::Stale { changes, .. } => etag::with_changes(status, changes),
            _ => status,
        }
    }
}

/// Statuses that the stack itself answers, before any handler.
pub(crate) fn plain(code: Code, reason: &'static str, message: &str) -> Status {
    let mut details = ErrorDetails::new();
    details.set_error_info(reason, DOMAIN, HashMap::new());
    if matches!(code, Code::ResourceExhausted | Code::Unavailable) {
        details.set_retry_info(Some(RETRY));
    }
    Status::with_error_details(code, message, details)
}
