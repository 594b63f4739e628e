//! What the launcher says. All of it on standard error: standard output belongs to the results.

use std::fmt::Display;

/// One line per thing done or found.
pub(crate) fn step(what: &str, detail: impl Display) {
    eprintln!("{what:>16}  {detail}");
}
