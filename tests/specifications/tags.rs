//! Every scenario names the article it rests on, and nothing that the law asks for is left without a scenario.

use std::{collections::BTreeSet, fs, path::Path};

use cucumber::gherkin::{Feature, GherkinEnv};

/// Where a rule may come from.
const SOURCES: [&str; 6] = ["CSP-", "CSS-", "CASF-", "CRPA-", "décret-", "circulaire-"];

/// Guards, steps and invariants that have at least one scenario.
const COVERED: [&str; 26] = [
    "garde-C1",
    "garde-C2",
    "garde-C3",
    "garde-C4",
    "garde-C5",
    "garde-C6",
    "garde-C7",
    "garde-C8",
    "garde-C18",
    "garde-C20",
    "pénalité-P0",
    "pénalité-P1",
    "pénalité-P2",
    "pénalité-P3",
    "pénalité-P4",
    "pénalité-P5",
    "pénalité-P6",
    "pénalité-P7",
    "invariant-3",
    "invariant-1",
    "invariant-2",
    "invariant-4",
    "invariant-5",
    "invariant-7",
    "invariant-8",
    "invariant-9",
];

/// Looks at all scenarios before any is run.
pub(crate) fn check(features: &Path) -> anyhow::Result<()> {
    let mut seen = BTreeSet::new();
    for entry in fs::read_dir(features)? {
        let feature = Feature::parse_path(entry?.path(), GherkinEnv::new("fr")?)?;
        for scenario in &feature.scenarios {
            let tags = feature.tags.iter().chain(&scenario.tags);
            let has_source = tags
                .clone()
                .any(|tag| SOURCES.iter().any(|source| tag.starts_with(source)));
            anyhow::ensure!(has_source, "« {} » names no article", scenario.name);
            seen.extend(tags.cloned());
        }
    }
    let missing: Vec<_> = COVERED.iter().filter(|tag| !seen.contains(**tag)).collect();
    anyhow::ensure!(missing.is_empty(), "no scenario for {missing:?}");
    Ok(())
}
