//! What the law says, in French under `features/`, held against the real services.
//!
//! Each scenario has a region of its own in a suite: the four services in this process, real databases, a real broker,
//! and a clock that it moves. An argument chooses scenarios by a part of their title or of a tag.

#![expect(
    clippy::needless_pass_by_value,
    reason = "steps are given the words of a sentence as values of their own"
)]

mod choice;
mod chronicle;
mod figures;
mod refusals;
mod sentences;
mod stage;
mod steps;
mod tags;
mod world;

use std::{env, fs, path::Path};

use cucumber::{
    World as _,
    feature::Ext as _,
    gherkin::{Feature, GherkinEnv},
    writer::Stats as _,
};
use futures::FutureExt as _;

use choice::Choice;
use world::Specification;

/// Scenarios at the same time: each has four services and a broker.
const CONCURRENCY: usize = 4;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("specifications/features");
    let features = read(&folder)?;
    tags::check(&features)?;
    sentences::check(&features)?;
    let choice = Choice::from_arguments(env::args().skip(1));
    let titles: Vec<&str> = features
        .iter()
        .flat_map(|feature| {
            feature
                .scenarios
                .iter()
                .map(move |scenario| (feature, scenario))
        })
        .filter(|(feature, scenario)| choice.includes(feature, scenario))
        .map(|(_, scenario)| scenario.name.as_str())
        .collect();
    if choice.is_list {
        for title in titles {
            println!("{title}: test");
        }
        return Ok(());
    }
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
        // The arguments are those of `cargo test`, which we read ourselves.
        .with_default_cli()
        .filter_run(folder, {
            let choice = choice.clone();
            move |feature, _, scenario| choice.includes(feature, scenario)
        })
        .await;
    tokio::task::spawn_blocking(stage::close).await?;
    anyhow::ensure!(
        !results.execution_has_failed(),
        "a specification does not hold"
    );
    anyhow::ensure!(
        results.scenarios_stats().passed == titles.len(),
        "not every scenario was run to its end"
    );
    Ok(())
}

/// Every feature, its outlines written out.
fn read(folder: &Path) -> anyhow::Result<Vec<Feature>> {
    fs::read_dir(folder)?
        .map(|entry| {
            let feature = Feature::parse_path(entry?.path(), GherkinEnv::new("fr")?)?;
            Ok(feature.expand_examples()?)
        })
        .collect()
}
