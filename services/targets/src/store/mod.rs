//! All SQL of this service.

pub(crate) mod catalogue;
pub(crate) mod contract_copy;
pub(crate) mod copy_format;
pub(crate) mod indicator_value;
pub(crate) mod numeric;
pub(crate) mod submission;
pub(crate) mod target_set;

use std::str::FromStr;

/// Reads a stored text that our own code wrote.
fn stored<T: FromStr>(text: &str) -> Result<T, store::Error>
where
    T::Err: std::fmt::Display,
{
    text.parse()
        .map_err(|error: T::Err| store::Error::Inconsistent(error.to_string()))
}

/// A stored text outside its vocabulary.
fn unknown(what: &str, text: &str) -> store::Error {
    store::Error::Inconsistent(format!("{what} {text:?}"))
}
