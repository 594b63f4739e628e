//! The `CloudEvents` 1.0 envelope, as the store writes it.

use serde::{Deserialize, de::Error as _};
use serde_json::Value;
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
    /// Who acted. A person is named by the message, not by the bytes that are hashed: there stands a commitment, and
    /// here too once the person was erased.
    pub actor: String,
    /// What [`naming`] put in front, until the envelope is read.
    #[serde(default)]
    actorsubject: Option<String>,
    /// RFC 3339.
    pub time: String,
    #[serde(default)]
    pub traceparent: Option<String>,
    pub data: Value,
}

/// The message of an event: its exact bytes, with the name of the person who acted in front (`actorsubject`, beside
/// the commitment in `actor`).
pub fn naming(canonical: Vec<u8>, person: Option<&str>) -> Vec<u8> {
    let (Some(person), Some(rest)) = (person, canonical.strip_prefix(b"{")) else {
        return canonical;
    };
    let name = Value::from(person);
    let mut message = format!("{{\"actorsubject\":{name},").into_bytes();
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
        if let Some(person) = envelope.actorsubject.take() {
            envelope.actor = person;
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
