//! All SQL of this service.

pub(crate) mod amendment_copy;
pub(crate) mod case_mix;
pub(crate) mod case_mix_version;
pub(crate) mod case_mix_write;
pub(crate) mod catalogue;
pub(crate) mod contract_copy;
pub(crate) mod copy_format;
pub(crate) mod copy_rows;
pub(crate) mod finances;
pub(crate) mod indicator_value;
pub(crate) mod medicosocial;
pub(crate) mod nomenclature;
pub(crate) mod numeric;
pub(crate) mod offer;
pub(crate) mod outline;
pub(crate) mod planning;
pub(crate) mod population;
pub(crate) mod published_classes;
pub(crate) mod published_rates;
pub(crate) mod registry_copy;
pub(crate) mod rejected_value;
pub(crate) mod submission;
pub(crate) mod target_set;
pub(crate) mod territory;

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
