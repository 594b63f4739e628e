//! The shape of what the services publish. Histories are kept for as long as contracts are disputed, and other systems
//! read the streams: a change to an event that was written before has to be seen in review, not in production.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use cpom_tests::{
    scenario::{Scenario, Trace},
    suite::{Service, Suite},
};
use proto::contracts::v1::Outcome;
use serde_json::Value;
use time::macros::datetime;

use crate::{Controlled, DEVIATING};

/// What differs from one run to the next, by the name that stands for it. Longer patterns come first: an event's hash
/// holds no identifier, but a commitment of a person holds what looks like a hash.
const PASSING: [(&str, &str); 6] = [
    (r"person:[0-9a-f]{64}", "person:[commitment]"),
    (r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", "[traceparent]"),
    (
        r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        "[id]",
    ),
    (r"\b[0-9a-f]{64}\b", "[sha256]"),
    (r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z", "[time]"),
    (r"\b\d{2}-\d{4}-\d{4}\b", "[number]"),
];

/// From a registry to a concluded review: the first event of each type, as it was published.
#[tokio::test(flavor = "multi_thread")]
async fn published_events_are_as_they_were() -> anyhow::Result<()> {
    let suite = Suite::starting_at(datetime!(2026-01-15 09:00 UTC)).await?;
    let scenario = Scenario::new(&suite)?;
    let done = Controlled::run(&scenario, &Trace::begin()).await?;
    let review = scenario.notify(done.review_of(DEVIATING)).await?;
    let entity = &done.registry.entities[DEVIATING];
    let review = scenario.observe(&review, entity).await?;
    let reviewer = scenario.people.reviewer();
    let review = scenario
        .examine(&review, &reviewer, Outcome::ActionPlan)
        .await??;
    let manager = scenario.people.manager();
    scenario
        .conclude(&review, &manager, Outcome::ActionPlan)
        .await??;

    // Contracts are made side by side, in no order: one of them speaks for all.
    let mut recorded = scenario.life_of(&done.contracts[DEVIATING]).await?;
    for service in Service::ALL {
        recorded.extend(scenario.events(service, "").await?);
    }
    let mut first = BTreeMap::new();
    for one in recorded {
        let envelope = one.envelope()?;
        first.entry(name_of(&envelope)).or_insert(envelope);
    }
    suite.stop().await;

    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (pattern, name) in PASSING {
        settings.add_filter(pattern, name);
    }
    settings.bind(|| {
        for (name, envelope) in &first {
            insta::assert_snapshot!(name.as_str(), format!("{envelope:#}"));
        }
    });
    let kept: BTreeSet<String> = snapshots(&folder())?;
    let published: BTreeSet<String> = first.into_keys().collect();
    assert_eq!(published, kept, "a type of event came or went");
    Ok(())
}

/// `contracts.v1.ReviewOpened`, of `cpom.contracts.v1.ReviewOpened`.
fn name_of(envelope: &Value) -> String {
    let whole = envelope["type"].as_str().expect("a type");
    whole.trim_start_matches("cpom.").to_owned()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("end_to_end/events")
}

/// The names of the snapshots that are kept.
fn snapshots(folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let file = entry?.file_name();
        if let Some(name) = file.to_string_lossy().strip_suffix(".snap") {
            names.insert(name.to_owned());
        }
    }
    Ok(names)
}
