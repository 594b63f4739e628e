//! Use cases of frameworks, dialogues and inflections.

pub(crate) mod agree_to_framework;
pub(crate) mod change_dialogue;
pub(crate) mod change_inflection;
pub(crate) mod draft_framework;
pub(crate) mod error;
pub(crate) mod get_cascade;
pub(crate) mod list_consistency_warnings;
pub(crate) mod open_dialogue;
pub(crate) mod propose_inflection;
pub(crate) mod read_dialogues;
pub(crate) mod read_frameworks;
pub(crate) mod read_inflections;
pub(crate) mod replace_framework_lines;

use kernel::{Region, legal_time::legal_day};
use rpc::{Call, Error};
use sqlx::PgConnection;
use store::Unit;

use crate::{
    domain::{
        Objective,
        planning::{
            self, Dialogue, DialogueId, Evidence, FrameworkId, Inflection, InflectionId,
            RegionalFramework, framework::FrameworkEvent,
        },
    },
    events::planning as published,
    grpc::scalars::parse_optional,
    store::{
        planning::{Dated, citable, dialogue, framework, inflection},
        published_rates,
    },
};

/// Checks that the inflections objectives come from are agreed, in the region of the contract, and count the same.
pub(crate) async fn check_origins(
    connection: &mut PgConnection,
    region: Region,
    objectives: &[Objective],
) -> Result<(), Error> {
    let ids: Vec<InflectionId> = objectives
        .iter()
        .filter_map(|objective| objective.inflection)
        .collect();
    if ids.is_empty() {
        return Ok(());
    }
    let known: Vec<Inflection> = inflection::find_all(connection, &ids)
        .await?
        .into_iter()
        .map(|found| found.value)
        .filter(|inflection| inflection.region == region)
        .collect();
    planning::inflection::check_origins(objectives, &known).map_err(error::refused)
}

/// Counts from 1 to this one stay at the agency.
async fn largest_hidden(
    connection: &mut PgConnection,
    call: &Call,
    region: Region,
) -> Result<u64, Error> {
    let threshold = published_rates::threshold(connection, legal_day(call.at, region)).await?;
    Ok(threshold.saturating_sub(1))
}

/// Checks that what is cited exists in the region, and is no count that is too small to be told.
async fn check_evidence(
    connection: &mut PgConnection,
    call: &Call,
    region: Region,
    path: &str,
    cited: &[Evidence],
) -> Result<(), Error> {
    let largest_hidden = largest_hidden(connection, call, region).await?;
    planning::secrecy::check_cited(path, cited, largest_hidden).map_err(error::refused)?;
    let names: Vec<&str> = cited
        .iter()
        .map(|evidence| evidence.reference.as_str())
        .collect();
    let known = citable::known(connection, region, &names).await?;
    planning::evidence::check_references(path, cited, &known).map_err(error::refused)
}

/// A framework, locked for a command, when the caller's region allows it.
async fn lock_framework(
    unit: &mut Unit,
    call: &Call,
    id: FrameworkId,
) -> Result<Dated<RegionalFramework>, Error> {
    framework::lock(unit.connection(), id)
        .await?
        .filter(|found| call.caller.sees(found.value.region))
        .ok_or_else(|| Error::NotFound(id.to_string()))
}

/// Writes what happened to a framework: its row and one fact for each event.
async fn apply(
    unit: &mut Unit,
    before: Dated<RegionalFramework>,
    events: &[FrameworkEvent],
) -> Result<Dated<RegionalFramework>, Error> {
    if events.is_empty() {
        return Ok(before);
    }
    let now = unit.at();
    let mut framework = before.value;
    let mut facts = Vec::with_capacity(events.len());
    for event in events {
        framework = framework.evolve(event);
        facts.push(published::framework(&framework, event)?);
    }
    framework::update(unit.connection(), &framework, now).await?;
    unit.append(facts).await?;
    Ok(Dated {
        value: framework,
        created_at: before.created_at,
        updated_at: now,
    })
}

/// A dialogue, locked for a command, when the caller may see it.
async fn lock_dialogue(
    unit: &mut Unit,
    call: &Call,
    id: DialogueId,
) -> Result<Dated<Dialogue>, Error> {
    dialogue::lock(unit.connection(), id)
        .await?
        .filter(|found| sees(call, &found.value))
        .ok_or_else(|| Error::NotFound(id.to_string()))
}

/// Agencies see the dialogues of their regions, establishments those they were invited to.
fn sees(call: &Call, dialogue: &Dialogue) -> bool {
    let caller = &call.caller;
    let is_invited = || {
        dialogue
            .invited()
            .iter()
            .any(|finess| caller.represents(finess))
    };
    caller.sees(dialogue.region) && (!caller.is_establishment() || is_invited())
}

/// The FINESS numbers that restrict what an establishment sees; none for an agency.
fn own(call: &Call) -> Option<Vec<String>> {
    let caller = &call.caller;
    caller
        .is_establishment()
        .then(|| caller.finess().iter().map(ToString::to_string).collect())
}

/// The regions a list is restricted to: the one that is asked for, when the caller may see it, or the caller's.
pub(crate) fn regions(call: &Call, asked: &str) -> Result<Option<Vec<String>>, Error> {
    match parse_optional::<Region>("region", asked)? {
        None => Ok(call.caller.regions()),
        Some(region) => {
            call.caller.require_region(region, &call.permission)?;
            Ok(Some(vec![region.to_string()]))
        }
    }
}
