//! Every scenario names the article it rests on, and nothing that the law asks for is left without a scenario.

use std::{collections::BTreeSet, fs, path::Path};

use cucumber::gherkin::{Feature, GherkinEnv};

/// Where a rule may come from.
const SOURCES: [&str; 6] = ["CSP-", "CSS-", "CASF-", "CRPA-", "décret-", "circulaire-"];

/// Rules of the revision by amendment.
const AMENDMENT_RULES: [&str; 9] = [
    "avenant-consolidation",
    "avenant-durée",
    "avenant-impact",
    "avenant-initiative",
    "avenant-issue",
    "avenant-motif",
    "avenant-numérotation",
    "avenant-signataires",
    "avenant-titulaire",
];

/// Every guard, step, invariant and rule: each has one scenario at least.
fn expected() -> impl Iterator<Item = String> {
    let guards = (1..=20).map(|guard| format!("garde-C{guard}"));
    let steps = (0..=7).map(|step| format!("pénalité-P{step}"));
    let invariants = (1..=9).map(|invariant| format!("invariant-{invariant}"));
    let rules = AMENDMENT_RULES.into_iter().map(str::to_owned);
    guards.chain(steps).chain(invariants).chain(rules)
}

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
    let missing: Vec<_> = expected().filter(|tag| !seen.contains(tag)).collect();
    anyhow::ensure!(missing.is_empty(), "no scenario for {missing:?}");
    Ok(())
}
