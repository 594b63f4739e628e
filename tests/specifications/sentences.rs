//! Every sentence of the features means one thing, which a step does.

use cucumber::{World as _, gherkin::Feature};

use crate::{refusals, world::Specification};

/// How a refusal begins.
const REFUSED: &str = "l’acte est refusé car ";

/// Looks for sentences that no step does, or that two would do.
pub(crate) fn check(features: &[Feature]) -> anyhow::Result<()> {
    let steps = Specification::collection();
    for feature in features {
        let background = feature.background.iter().flat_map(|first| &first.steps);
        let scenarios = feature
            .scenarios
            .iter()
            .flat_map(|scenario| &scenario.steps);
        for sentence in background.chain(scenarios) {
            let found = steps.find(sentence)?;
            anyhow::ensure!(found.is_some(), "no step does « {} »", sentence.value);
            if let Some(reason) = sentence.value.strip_prefix(REFUSED) {
                refusals::reasons(reason)?;
            }
        }
    }
    Ok(())
}
