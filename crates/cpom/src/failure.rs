//! How a command ends: its exit code, and what it says when something went wrong.

use std::fmt::Write;

use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::retry::is_away;

/// Exit codes, as `cpom --help` lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    Success = 0,
    /// Anything that has no code of its own, such as an unreadable file.
    Failure = 1,
    /// A wrong command line (given by the command line parser).
    Usage = 2,
    /// A service refused: what was asked is wrong, or not possible in the present state.
    Refused = 3,
    /// No token, or not entitled.
    NotPermitted = 4,
    /// A service is away or overloaded; trying later may succeed.
    Unavailable = 5,
    /// Done, but some lines or values were left out; they are listed.
    PartlyRejected = 6,
    /// Verified, and not sound; the faults are listed.
    Unsound = 7,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// The exit code of an error.
pub fn exit_of(error: &anyhow::Error) -> Exit {
    let Some(status) = status_in(error) else {
        return Exit::Failure;
    };
    match status.code() {
        _ if is_away(status) => Exit::Unavailable,
        Code::InvalidArgument
        | Code::FailedPrecondition
        | Code::Aborted
        | Code::NotFound
        | Code::AlreadyExists
        | Code::OutOfRange => Exit::Refused,
        Code::Unauthenticated | Code::PermissionDenied => Exit::NotPermitted,
        _ => Exit::Failure,
    }
}

fn status_in(error: &anyhow::Error) -> Option<&Status> {
    // The outermost one; as a context it is reached by `downcast_ref`, as a cause by the chain.
    error
        .downcast_ref()
        .or_else(|| error.chain().find_map(|cause| cause.downcast_ref()))
}

/// What a person reads: what happened, the stable reason, the fields, and what to do.
pub fn explain(error: &anyhow::Error) -> String {
    let mut text = String::from("error: ");
    let causes: Vec<String> = error.chain().map(describe).collect();
    text.push_str(&causes.join(": "));
    let Some(status) = status_in(error) else {
        return text;
    };
    let details = status.get_error_details();
    if let Some(info) = details.error_info() {
        let _ = write!(text, "\n  reason: {}", info.reason);
        let mut facts: Vec<_> = info.metadata.iter().collect();
        facts.sort();
        for (name, value) in facts {
            let _ = write!(text, "\n    {name}: {value}");
        }
    }
    for violation in details
        .bad_request()
        .iter()
        .flat_map(|bad| &bad.field_violations)
    {
        let _ = write!(
            text,
            "\n  field {}: {}",
            violation.field, violation.description
        );
    }
    for violation in details
        .precondition_failure()
        .iter()
        .flat_map(|pre| &pre.violations)
    {
        let _ = write!(text, "\n  {}: {}", violation.subject, violation.description);
    }
    if let Some(request) = details.request_info() {
        let _ = write!(text, "\n  request: {}", request.request_id);
    }
    if let Some(advice) = advice(status) {
        let _ = write!(text, "\n  {advice}");
    }
    text
}

fn describe(cause: &(dyn std::error::Error + 'static)) -> String {
    match cause.downcast_ref::<Status>() {
        Some(status) => format!("{} ({:?})", status.message(), status.code()),
        None => cause.to_string(),
    }
}

fn advice(status: &Status) -> Option<&'static str> {
    match status.code() {
        _ if is_away(status) => {
            Some("what to do: run the same command again later; nothing is applied twice")
        }
        Code::Unauthenticated => Some(
            "what to do: sign in again; on a local stack leave CPOM_TOKEN unset, or set it to the \
             output of `cpom token --role …`",
        ),
        Code::PermissionDenied => Some(
            "what to do: act under another role (`--as`), or ask for the right; the region and the \
             FINESS numbers of the token count too",
        ),
        Code::Aborted => Some(
            "what to do: somebody changed it in the meantime; read it again, then decide again",
        ),
        Code::Internal | Code::Unknown | Code::DataLoss => {
            Some("what to do: give the request number above to the operators of the service")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic_types::ErrorDetails;

    #[test]
    fn an_error_shows_the_reason_the_fields_and_what_to_do() {
        let mut details = ErrorDetails::new();
        details
            .set_error_info(
                "ETAG_MISMATCH",
                "cpom",
                [("expected".to_owned(), "3".to_owned())],
            )
            .add_bad_request_violation("etag", "is not the current one");
        let status = Status::with_error_details(Code::Aborted, "the contract has changed", details);
        let error = anyhow::Error::new(status).context("could not sign");
        let text = explain(&error);
        for part in [
            "could not sign: the contract has changed",
            "reason: ETAG_MISMATCH",
            "expected: 3",
            "field etag: is not the current one",
            "read it again",
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        assert_eq!(exit_of(&error), Exit::Refused);
    }

    #[test]
    fn each_kind_of_trouble_has_its_exit_code() {
        let exit = |status: Status| exit_of(&anyhow::Error::new(status));
        assert_eq!(exit(Status::permission_denied("")), Exit::NotPermitted);
        assert_eq!(exit(Status::unavailable("")), Exit::Unavailable);
        assert_eq!(
            exit_of(&anyhow::anyhow!("disk").context(Status::unavailable(""))),
            Exit::Unavailable
        );
        assert_eq!(exit_of(&anyhow::anyhow!("disk")), Exit::Failure);
    }
}
