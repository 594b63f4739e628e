//! From a row to the domain. A value that the domain refuses was not written by this service.

use std::{fmt::Display, str::FromStr};

use sqlx::{Row as _, postgres::PgRow};
use store::Error;
use time::OffsetDateTime;

use crate::domain::{Entry, State};

/// A record and when it last changed.
#[derive(Debug, Clone)]
pub(crate) struct Stored<T> {
    pub(crate) entry: Entry<T>,
    pub(crate) updated_at: OffsetDateTime,
}

/// A column that holds the text of a value.
pub(super) fn parsed<T>(row: &PgRow, column: &str) -> Result<T, Error>
where
    T: FromStr,
    T::Err: Display,
{
    let text: &str = row.try_get(column)?;
    text.parse()
        .map_err(|error| Error::Inconsistent(format!("{column} {text:?}: {error}")))
}

/// The same, where null stands for none.
pub(super) fn parsed_or_none<T>(row: &PgRow, column: &str) -> Result<Option<T>, Error>
where
    T: FromStr,
    T::Err: Display,
{
    match row.try_get::<Option<&str>, _>(column)? {
        Some(_) => parsed(row, column).map(Some),
        None => Ok(None),
    }
}

/// The columns that every record has.
pub(super) fn stored<T>(row: &PgRow, content: T) -> Result<Stored<T>, Error> {
    let state = match row.try_get("state")? {
        "OPEN" => State::Open,
        "CLOSED" => State::Closed,
        other => return Err(Error::Inconsistent(format!("state {other:?}"))),
    };
    let entry = Entry {
        content,
        state,
        version: row.try_get("version")?,
    };
    Ok(Stored {
        entry,
        updated_at: row.try_get("updated_at")?,
    })
}

/// Each change of a batch must have met the version it was decided on.
pub(super) fn all_written(written: u64, changes: usize) -> Result<(), Error> {
    if usize::try_from(written) == Ok(changes) {
        return Ok(());
    }
    Err(Error::Inconsistent(format!(
        "{written} of {changes} changes met the version they were decided on"
    )))
}
