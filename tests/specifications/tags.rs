//! Every scenario names the article it rests on, and nothing that the law asks for is left without a scenario.

use std::collections::BTreeSet;

use cucumber::gherkin::Feature;

/// Where a rule may come from.
const SOURCES: [&str; 7] = [
    "CSP-",
    "CSS-",
    "CASF-",
    "CRPA-",
    "CJA-",
    "décret-",
    "circulaire-",
];

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
fn expected() -> BTreeSet<String> {
    let guards = (1..=20).map(|guard| format!("garde-C{guard}"));
    let steps = (0..=7).map(|step| format!("pénalité-P{step}"));
    let invariants = (1..=9).map(|invariant| format!("invariant-{invariant}"));
    let rules = AMENDMENT_RULES.into_iter().map(str::to_owned);
    guards.chain(steps).chain(invariants).chain(rules).collect()
}

fn is_source(tag: &str) -> bool {
    SOURCES.iter().any(|source| tag.starts_with(source))
}

/// Looks at the tags of all scenarios. There is none but articles and rules, so that no scenario can be set aside.
pub(crate) fn check(features: &[Feature]) -> anyhow::Result<()> {
    let mut missing = expected();
    for feature in features {
        anyhow::ensure!(feature.rules.is_empty(), "« {} » is divided", feature.name);
        for scenario in &feature.scenarios {
            let tags: BTreeSet<_> = feature.tags.iter().chain(&scenario.tags).collect();
            anyhow::ensure!(
                tags.iter().any(|tag| is_source(tag)),
                "« {} » names no article",
                scenario.name
            );
            for tag in tags {
                missing.remove(tag);
                anyhow::ensure!(
                    is_source(tag) || expected().contains(tag),
                    "« {} » has the tag @{tag}, which is neither an article nor a rule",
                    scenario.name
                );
            }
        }
    }
    anyhow::ensure!(missing.is_empty(), "no scenario for {missing:?}");
    Ok(())
}
