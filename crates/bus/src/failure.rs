//! Why an event was not applied.

use std::error::Error as _;

/// What a handler answers instead of success.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It may succeed later: something it rests on is not there yet, or the database is busy.
    #[error("{0}")]
    Retry(String),
    /// It never will: it is parked for a person.
    #[error("{0}")]
    Reject(String),
    /// The database is away. That says nothing about the event: it is held until the database is back.
    #[error("{0}")]
    Away(String),
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            text = format!("{text}: {inner}");
            cause = inner.source();
        }
        match error {
            store::Error::Unavailable(_) => Self::Away(text),
            _ => Self::Retry(text),
        }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        store::Error::from(error).into()
    }
}
