//! Entity tags (AIP-154): the version of an aggregate, quoted as RFC 9110 asks.

use crate::Error;

/// The tag of a version.
pub fn of(version: i64) -> String {
    format!("\"{version}\"")
}

/// Refuses a tag that is not the current one.
pub fn check(given: &str, version: i64) -> Result<(), Error> {
    let actual = of(version);
    if given == actual {
        return Ok(());
    }
    Err(Error::Stale {
        expected: given.to_owned(),
        actual,
    })
}
