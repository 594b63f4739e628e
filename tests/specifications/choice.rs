//! Which scenarios the arguments of `cargo test` choose, read as the standard runner of tests reads them.

use cucumber::gherkin::{Feature, Scenario};

/// Options that are followed by a value of their own.
const WITH_VALUE: [&str; 6] = [
    "--color",
    "--format",
    "--logfile",
    "--shuffle-seed",
    "--test-threads",
    "-Z",
];

/// Scenarios by parts of their title or of their tags.
#[derive(Debug, Default, Clone)]
pub(crate) struct Choice {
    wanted: Vec<String>,
    unwanted: Vec<String>,
    /// None at all: only what is set aside was asked for, and nothing ever is.
    nothing: bool,
    /// The titles are asked for, nothing is run.
    pub(crate) is_list: bool,
}

impl Choice {
    pub(crate) fn from_arguments(arguments: impl IntoIterator<Item = String>) -> Self {
        let mut choice = Self::default();
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--list" => choice.is_list = true,
                "--ignored" => choice.nothing = true,
                "--skip" => choice.unwanted.extend(arguments.next()),
                option if WITH_VALUE.contains(&option) => drop(arguments.next()),
                option if option.starts_with('-') => {}
                _ => choice.wanted.push(argument),
            }
        }
        choice
    }

    pub(crate) fn includes(&self, feature: &Feature, scenario: &Scenario) -> bool {
        let is_named = |part: &String| {
            let mut tags = feature.tags.iter().chain(&scenario.tags);
            scenario.name.contains(part) || tags.any(|tag| tag.contains(part))
        };
        let is_wanted = self.wanted.is_empty() || self.wanted.iter().any(is_named);
        is_wanted && !self.nothing && !self.unwanted.iter().any(is_named)
    }
}
