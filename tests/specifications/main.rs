//! What the law says, in French under `features/`, held against the real services.
//!
//! Each scenario has a suite of its own: the four services in this process, real databases, a real broker, and a
//! clock that it moves. `CPOM_SCENARIO` chooses scenarios by a part of their title or of a tag.

#![expect(
    clippy::needless_pass_by_value,
    reason = "steps are given the words of a sentence as values of their own"
)]

mod chronicle;
mod figures;
mod refusals;
mod steps;
mod tags;
mod world;

use std::{env, path::Path};

use cucumber::{World as _, gherkin, writer::Stats as _};
use futures::FutureExt as _;

use world::Specification;

/// Scenarios at the same time: each starts four services and a broker.
const CONCURRENCY: usize = 4;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let features = Path::new(env!("CARGO_MANIFEST_DIR")).join("specifications/features");
    tags::check(&features)?;
    let chosen = env::var("CPOM_SCENARIO").unwrap_or_default();
    let is_chosen = move |feature: &gherkin::Feature,
                          _: Option<&gherkin::Rule>,
                          scenario: &gherkin::Scenario| {
        let mut names = feature.tags.iter().chain(&scenario.tags);
        scenario.name.contains(&chosen) || names.any(|tag| tag.contains(&chosen))
    };
    let results = Specification::cucumber()
        .max_concurrent_scenarios(CONCURRENCY)
        .fail_on_skipped()
        .after(|_, _, _, _, world| {
            async move {
                if let Some(world) = world {
                    world.end();
                }
            }
            .boxed_local()
        })
        // The arguments are those of `cargo test`, which are not for us.
        .with_default_cli()
        .filter_run(features, is_chosen)
        .await;
    tokio::task::spawn_blocking(world::wait_for_endings).await?;
    anyhow::ensure!(
        !results.execution_has_failed(),
        "a specification does not hold"
    );
    Ok(())
}
