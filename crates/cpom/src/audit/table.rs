//! The table for people: a row for each event, made from its hashed bytes alone.

use kernel::text::no_formula;
use proto::{content::Content, history::v1::ExportedEvent};

/// Columns of the table.
pub(super) const HEADINGS: [&str; 13] = [
    "leaf_index",
    "time",
    "type",
    "aggregate",
    "version",
    "root",
    "region",
    "actor",
    "actor_kind",
    "actor_role",
    "reason",
    "request_id",
    "hash",
];

/// The row of an event. Of one whose bytes cannot be read, what the verification calls malformed, only the place and the
/// hash are told.
pub(super) fn row(exported: &ExportedEvent, content: &Content) -> [String; 13] {
    let (persons, hash) = exported
        .event
        .as_ref()
        .map(|event| (event.persons.as_slice(), hex::encode(&event.hash)))
        .unwrap_or_default();
    [
        exported.leaf_index.to_string(),
        content.time.clone(),
        content.event_type.clone(),
        content.aggregate.clone(),
        content.version.clone(),
        content.root.clone(),
        content.region.clone(),
        no_formula(content.actor(persons)),
        content.actor_kind.clone(),
        content.actor_role.clone(),
        no_formula(&content.reason),
        content.request_id.clone(),
        hash,
    ]
}
