//! Names, days and decimals, from the wire and to it.

use std::{fmt::Display, str::FromStr};

use kernel::Decimal;
use rpc::Error;
use time::{Date, format_description::BorrowedFormatItem, macros::format_description};

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// Reads a field whose type knows its own text.
pub(crate) fn parse<T: FromStr>(field: &str, text: &str) -> Result<T, Error>
where
    T::Err: Display,
{
    text.parse()
        .map_err(|error: T::Err| Error::invalid(field, error))
}

/// Reads a field that may be empty.
pub(crate) fn parse_optional<T: FromStr>(field: &str, text: &str) -> Result<Option<T>, Error>
where
    T::Err: Display,
{
    if text.is_empty() {
        return Ok(None);
    }
    parse(field, text).map(Some)
}

/// The last part of a resource name.
pub(crate) fn id_of(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// Reads `YYYY-MM-DD`.
pub(crate) fn date(text: &str) -> Option<Date> {
    Date::parse(text, DAY).ok()
}

/// Writes a decimal as it was given: `1200.50` stays `1200.50`.
pub(crate) fn decimal(value: Decimal) -> String {
    value.to_string()
}
