//! The `CloudEvents` 1.0 envelope, as the store writes it.

use std::collections::HashMap;

use serde::{Deserialize, de::Error as _};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::Failure;

/// An event as it travels.
#[derive(Debug, Clone, Deserialize)]
pub struct Envelope {
    pub id: Uuid,
    /// For example `cpom.controls.v1.FindingRaised`.
    #[serde(rename = "type")]
    pub event_type: String,
    /// The resource that changed.
    #[serde(rename = "subject")]
    pub aggregate: String,
    /// Position in the history of that resource, from 1.
    #[serde(rename = "aggregateversion", deserialize_with = "version")]
    pub version: i64,
    pub root: String,
    pub region: String,
    /// Who acted. Persons are named by the message, not by the bytes that are hashed: there stand commitments, and here
    /// too once a person was erased.
    pub actor: String,
    /// What [`naming`] put in front, until the envelope is read: identifiers by commitment.
    #[serde(default)]
    persons: HashMap<String, String>,
    /// RFC 3339.
    pub time: String,
    #[serde(default)]
    pub traceparent: Option<String>,
    pub data: Value,
}

/// The message of an event: its exact bytes, with the identifiers of those it commits to in front (`persons`, by
/// commitment).
pub fn naming<'a>(
    canonical: Vec<u8>,
    persons: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Vec<u8> {
    let persons: Map<String, Value> = persons
        .into_iter()
        .map(|(commitment, subject)| (commitment.to_owned(), Value::from(subject)))
        .collect();
    let Some(rest) = canonical.strip_prefix(b"{").filter(|_| !persons.is_empty()) else {
        return canonical;
    };
    let mut message = format!("{{\"persons\":{},", Value::Object(persons)).into_bytes();
    message.extend_from_slice(rest);
    message
}

/// `CloudEvents` attributes are texts.
fn version<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.parse() {
        Ok(version) if version > 0 => Ok(version),
        _ => Err(D::Error::custom(format!("{text:?} is not a version"))),
    }
}

impl Envelope {
    /// Reads an envelope.
    ///
    /// # Errors
    /// [`Failure::Reject`]: no later delivery of the same bytes would read better.
    pub fn parse(bytes: &[u8]) -> Result<Self, Failure> {
        let mut envelope: Self = serde_json::from_slice(bytes)
            .map_err(|e| Failure::Reject(format!("not a CloudEvents envelope: {e}")))?;
        let persons = std::mem::take(&mut envelope.persons);
        if let Some(subject) = persons.get(&envelope.actor) {
            envelope.actor.clone_from(subject);
        }
        if !persons.is_empty() {
            proto::json::replace_texts(&mut envelope.data, &persons);
        }
        Ok(envelope)
    }

    /// The event as its message.
    ///
    /// # Errors
    /// [`Failure::Reject`] when the data are not that message.
    pub fn decode<M: prost::Message + prost::Name + Default>(&self) -> Result<M, Failure> {
        proto::json::from_value(&self.data).map_err(|e| Failure::Reject(e.to_string()))
    }

    /// Whether the event is of the type of `M`.
    pub fn is<M: prost::Name>(&self) -> bool {
        self.event_type == M::full_name()
    }
}
