//! What the hashed bytes of an event say: the one account of it that is proved.
//!
//! A service keeps the attributes of an event in columns too, for its pages and filters. Whoever can write to its
//! database can change those alone, and no hash tells: they are compared with the bytes when an export is made, when a
//! service proves an event, and where the portal shows one; nothing that an auditor takes away is made from them.

use prost_types::Timestamp;
use serde::Deserialize;

use crate::{
    history::v1::{AttributeDifference, Event, NamedPerson},
    types::v1::Actor,
};

/// The attributes in the bytes of an event.
#[derive(Debug, Default, Deserialize)]
pub struct Content {
    pub id: String,
    #[serde(rename = "type")]
    pub event_type: String,
    pub time: String,
    #[serde(rename = "subject")]
    pub aggregate: String,
    #[serde(rename = "aggregateversion")]
    pub version: String,
    pub root: String,
    pub region: String,
    /// A machine, or the commitment to a person.
    pub actor: String,
    #[serde(rename = "actorkind")]
    pub actor_kind: String,
    #[serde(rename = "actorrole")]
    pub actor_role: String,
    #[serde(default)]
    pub reason: String,
    #[serde(rename = "requestid", default)]
    pub request_id: String,
    #[serde(default)]
    pub traceparent: String,
}

/// What a service tells of an event beside its bytes, and is not what they say.
///
/// # Errors
/// When the bytes are no event at all.
pub fn differences(event: &Event) -> Result<Vec<AttributeDifference>, serde_json::Error> {
    Ok(Content::of(event)?.told_otherwise(event))
}

impl Content {
    /// # Errors
    /// When the bytes are no event at all.
    pub fn of(event: &Event) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(&event.canonical)
    }

    /// Who acted, by name where somebody opens the commitment.
    pub fn actor<'a>(&'a self, persons: &'a [NamedPerson]) -> &'a str {
        persons
            .iter()
            .find(|person| person.commitment == self.actor)
            .map_or(self.actor.as_str(), |person| person.subject.as_str())
    }

    /// What the service tells of the event beside its bytes, and is not what they say.
    pub fn told_otherwise(&self, event: &Event) -> Vec<AttributeDifference> {
        let actor = event.actor.clone().unwrap_or_default();
        let text = str::to_owned;
        [
            ("id", event.id.clone(), text(&self.id)),
            ("type", event.r#type.clone(), text(&self.event_type)),
            ("time", self.told_time(event), text(&self.time)),
            ("aggregate", event.aggregate.clone(), text(&self.aggregate)),
            ("version", event.version.to_string(), text(&self.version)),
            ("root", event.root.clone(), text(&self.root)),
            ("region", event.region.clone(), text(&self.region)),
            ("actor_kind", kind(&actor), text(&self.actor_kind)),
            ("actor_role", actor.role.clone(), text(&self.actor_role)),
            ("actor", actor.subject, text(self.actor(&event.persons))),
            ("reason", event.reason.clone(), text(&self.reason)),
            (
                "request_id",
                event.request_id.clone(),
                text(&self.request_id),
            ),
            (
                "traceparent",
                event.traceparent.clone(),
                text(&self.traceparent),
            ),
        ]
        .into_iter()
        .filter(|(_, told, proved)| told != proved)
        .map(|(attribute, told, proved)| AttributeDifference {
            attribute: attribute.to_owned(),
            told,
            proved,
        })
        .collect()
    }

    /// The instant beside the bytes, written as theirs when it is the same microsecond.
    fn told_time(&self, event: &Event) -> String {
        let told = event.record_time.unwrap_or_default();
        let microsecond = |at: &Timestamp| (at.seconds, at.nanos / 1_000);
        let proved: Option<Timestamp> = self.time.parse().ok();
        if proved.is_some_and(|proved| microsecond(&proved) == microsecond(&told)) {
            return self.time.clone();
        }
        told.to_string()
    }
}

/// The kind of an actor as events write it.
fn kind(actor: &Actor) -> String {
    actor
        .kind()
        .as_str_name()
        .trim_start_matches("ACTOR_KIND_")
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::types::v1::ActorKind;

    const COMMITMENT: &str = "person:46c8";

    fn event() -> Event {
        let bytes = json!({
            "actor": COMMITMENT,
            "actorkind": "human",
            "actorrole": "manager",
            "aggregateversion": "2",
            "data": {"text": "x"},
            "id": "0198",
            "reason": "Accord trouvé.",
            "region": "93",
            "root": "contracts/1",
            "subject": "contracts/1",
            "time": "2026-03-01T10:00:00.000012Z",
            "type": "cpom.contracts.v1.ContractSigned",
        });
        Event {
            id: "0198".to_owned(),
            r#type: "cpom.contracts.v1.ContractSigned".to_owned(),
            aggregate: "contracts/1".to_owned(),
            version: 2,
            root: "contracts/1".to_owned(),
            region: "93".to_owned(),
            actor: Some(Actor {
                subject: "claire".to_owned(),
                kind: ActorKind::Human.into(),
                role: "manager".to_owned(),
            }),
            record_time: Some(Timestamp {
                seconds: 1_772_359_200,
                nanos: 12_000,
            }),
            reason: "Accord trouvé.".to_owned(),
            canonical: serde_json::to_vec(&bytes).unwrap(),
            persons: vec![NamedPerson {
                commitment: COMMITMENT.to_owned(),
                subject: "claire".to_owned(),
                salt: Vec::new(),
            }],
            ..Default::default()
        }
    }

    fn others(event: &Event) -> Vec<String> {
        let others = differences(event).unwrap().into_iter();
        others.map(|other| other.attribute).collect()
    }

    #[test]
    fn what_is_told_as_the_bytes_say_it_is_no_difference_also_once_the_person_is_erased() {
        let mut event = event();
        assert!(others(&event).is_empty());
        event.persons.clear();
        assert_eq!(others(&event), ["actor"]);
        event.actor = event.actor.map(|actor| Actor {
            subject: COMMITMENT.to_owned(),
            ..actor
        });
        assert!(others(&event).is_empty());
    }

    #[test]
    fn every_attribute_that_is_told_otherwise_is_named() {
        let told = Event {
            id: "0199".to_owned(),
            r#type: "cpom.contracts.v1.ContractClosed".to_owned(),
            aggregate: "contracts/2".to_owned(),
            version: 3,
            root: "contracts/2".to_owned(),
            region: "94".to_owned(),
            actor: Some(Actor {
                subject: "paul".to_owned(),
                kind: ActorKind::Service.into(),
                role: "director_general".to_owned(),
            }),
            record_time: Some(Timestamp {
                seconds: 1_772_359_200,
                nanos: 13_000,
            }),
            reason: "Autre.".to_owned(),
            request_id: "0198".to_owned(),
            traceparent: "00-1".to_owned(),
            ..event()
        };
        assert_eq!(others(&told).len(), 13);
        let unreadable = Event {
            canonical: b"{}".to_vec(),
            ..event()
        };
        assert!(differences(&unreadable).is_err());
        let moved = Event {
            record_time: Some(Timestamp {
                seconds: 1_772_359_201,
                nanos: 12_000,
            }),
            ..event()
        };
        let other = differences(&moved).unwrap().remove(0);
        assert_eq!(other.attribute, "time");
        assert_eq!(other.proved, "2026-03-01T10:00:00.000012Z");
        assert_eq!(other.told, "2026-03-01T10:00:01.000012Z");
    }
}
