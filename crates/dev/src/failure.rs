//! The ends of the launcher that have an exit code of their own.

use std::{fmt, process::ExitCode};

/// Why the launcher stops, when the exit code must tell.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something is missing that only the user can provide: 69, `EX_UNAVAILABLE` of sysexits.h.
    Unavailable(String),
    /// Ctrl-C before the work was done: 130, as a shell reports it.
    Interrupted,
    /// A program we ran in the foreground failed, and said why itself.
    Child(u8),
}

impl Failure {
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Unavailable(_) => 69,
            Self::Interrupted => 130,
            Self::Child(code) => *code,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(what) => f.write_str(what),
            Self::Interrupted => f.write_str("interrupted"),
            Self::Child(code) => write!(f, "exit code {code}"),
        }
    }
}

impl std::error::Error for Failure {}
