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
    #[error("the database refused")]
    Database(#[source] sqlx::Error),
    /// A message that has no JSON: a bug.
    #[error("an event could not be written as JSON")]
    Encoding(#[from] proto::json::JsonError),
    /// A stored row that our own code cannot have written.
    #[error("inconsistent row: {0}")]
    Inconsistent(String),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let away = match &error {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
            // Class 08: connection lost; 57P0x: the server is shutting down or starting; 55000 on connecting: the
            // database accepts no connections; 55P03, 40P01, 57014: a lock or a statement was waited for too long.
            sqlx::Error::Database(e) => e.code().is_some_and(|code| {
                code.starts_with("08")
                    || code.starts_with("57P")
                    || ["55000", "55P03", "40P01", "57014"].contains(&code.as_ref())
            }),
            _ => false,
        };
        if away { Self::Unavailable(error) } else { Self::Database(error) }
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
