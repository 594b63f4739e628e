//! What can go wrong between a use case and the database.

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The same `request_id` was used before with another content.
    #[error("this request_id was already used for another request")]
    RequestReused,
    /// Postgres does not answer, or no connection is free.
    #[error("the database is away")]
    Unavailable(#[source] sqlx::Error),
    /// Postgres answers, and gave this transaction up: a lock, a deadlock, a time limit, a lack of room.
    #[error("the database is busy")]
    Busy(#[source] sqlx::Error),
    #[error("the database refused")]
    Database(#[source] sqlx::Error),
    /// A message that has no JSON: a bug.
    #[error("an event could not be written as JSON")]
    Encoding(#[from] proto::json::JsonError),
    /// A stored row that our own code cannot have written, or one it was about to write.
    #[error("inconsistent row: {0}")]
    Inconsistent(String),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match &error {
            E::Io(_) | E::Tls(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed => {
                Self::Unavailable(error)
            }
            E::Database(refusal) => match refusal.code().as_deref().map(kind) {
                Some(Kind::Away) => Self::Unavailable(error),
                Some(Kind::Busy) => Self::Busy(error),
                Some(Kind::Refusal) | None => Self::Database(error),
            },
            _ => Self::Database(error),
        }
    }
}

enum Kind {
    Away,
    Busy,
    Refusal,
}

/// Classes and codes of <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn kind(code: &str) -> Kind {
    match code {
        // The database takes no connections; the transaction was idle for too long; the server is a replica
        // (a failover is under way).
        "55000" | "25P03" | "25006" => Kind::Away,
        // A lock was not free in time; the statement took too long; serialization failure; deadlock.
        "55P03" | "57014" | "40001" | "40P01" => Kind::Busy,
        // The connection was lost; the server stops or starts.
        _ if code.starts_with("08") || code.starts_with("57P") => Kind::Away,
        // No memory, no disk, too many connections.
        _ if code.starts_with("53") => Kind::Busy,
        _ => Kind::Refusal,
    }
}

/// The name of the constraint that Postgres says was violated. Constraint names are chosen by us, so
/// that a use case can turn one into a refusal.
pub fn constraint(error: &Error) -> Option<&str> {
    match error {
        Error::Database(sqlx::Error::Database(e)) => e.constraint(),
        _ => None,
    }
}
