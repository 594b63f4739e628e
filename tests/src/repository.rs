//! Where things are in the repository.

use std::path::{Path, PathBuf};

/// The root of the repository this was built from.
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_owned()
}
