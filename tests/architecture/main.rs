//! The rules of the layout, checked on the manifests, the sources and the descriptors themselves.

mod dependencies;
mod descriptors;
mod readings;
mod refusals;
mod rust_code;
mod sources;

use std::{fs, path::PathBuf};

/// The root of the repository.
fn root() -> PathBuf {
    let tests = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    tests
        .parent()
        .expect("tests/ lies in the repository")
        .to_owned()
}

/// The text of a file of the repository.
fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect(path)
}

const SERVICES: [&str; 4] = ["establishments", "contracts", "targets", "controls"];

/// Fails with all that breaks a rule at once, each with its place.
fn assert_none(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule}:\n  {}", broken.join("\n  "));
}
