//! What the histories said on a day.
//!
//! Each fact names what it sets; put together up to a day, the facts give what was known then, field by field, with
//! the event that said so last. This holds for every kind of resource, those of later versions included.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use kernel::legal_time::legal_day;
use proto::{content::Content, history::v1::Event};
use serde::{Deserialize as _, Serialize};
use serde_json::Value;
use time::{Date, OffsetDateTime, format_description::well_known::Rfc3339};

/// What was known of one resource.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Known {
    /// Version on that day.
    pub version: i64,
    /// The last thing that had happened to it, for example `ContractSigned`.
    pub last_event: String,
    pub fields: BTreeMap<String, Said>,
}

/// A value, and the event that said it last.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Said {
    pub value: Value,
    pub event: String,
    pub version: i64,
    /// The legal day in the region.
    pub on: String,
}

/// A field that is not the same on two days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    pub aggregate: String,
    pub field: String,
    /// None: nothing was said of it.
    pub before: Option<Value>,
    pub after: Said,
}

/// The events up to and with a day, of the zone of their region.
pub fn up_to(events: &[Event], day: Date) -> Result<Vec<&Event>> {
    let mut known = Vec::new();
    for event in events {
        let content =
            Content::of(event).with_context(|| format!("the bytes of event {}", event.id))?;
        if day_of(&content)? <= day {
            known.push(event);
        }
    }
    Ok(known)
}

/// What events amount to, by resource. Those of one resource come in their order.
pub fn known(events: &[&Event]) -> Result<BTreeMap<String, Known>> {
    let mut all: BTreeMap<String, Known> = BTreeMap::new();
    for event in events {
        let mut bytes: Value = serde_json::from_slice(&event.canonical)
            .with_context(|| format!("event {}", event.id))?;
        let content =
            Content::deserialize(&bytes).with_context(|| format!("event {}", event.id))?;
        let persons = event.persons.iter();
        let named = persons.map(|person| (person.commitment.clone(), person.subject.clone()));
        proto::json::replace_texts(&mut bytes, &named.collect());
        let name = content.event_type.rsplit('.').next().unwrap_or_default();
        let on = day_of(&content)?.to_string();
        let version = content.version.parse()?;
        let one = all.entry(content.aggregate.clone()).or_default();
        one.version = version;
        name.clone_into(&mut one.last_event);
        for (field, value) in bytes["data"].as_object().into_iter().flatten() {
            let said = Said {
                value: value.clone(),
                event: name.to_owned(),
                version,
                on: on.clone(),
            };
            one.fields.insert(field.clone(), said);
        }
    }
    Ok(all)
}

/// What is known on the later day and was not, or otherwise, on the earlier one.
pub fn changes(before: &BTreeMap<String, Known>, after: &BTreeMap<String, Known>) -> Vec<Change> {
    let mut changes = Vec::new();
    for (aggregate, known) in after {
        let earlier = before.get(aggregate);
        for (field, said) in &known.fields {
            let old = earlier.and_then(|known| known.fields.get(field));
            if old.is_some_and(|old| old.value == said.value) {
                continue;
            }
            changes.push(Change {
                aggregate: aggregate.clone(),
                field: field.clone(),
                before: old.map(|old| old.value.clone()),
                after: said.clone(),
            });
        }
    }
    changes
}

fn day_of(content: &Content) -> Result<Date> {
    let instant = OffsetDateTime::parse(&content.time, &Rfc3339)
        .with_context(|| format!("{:?} is no instant", content.time))?;
    Ok(match content.region.parse() {
        Ok(region) => legal_day(instant, region),
        // What concerns no region happened on a day of UTC.
        Err(_) => instant.date(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::{date, datetime};

    use super::*;

    /// An event that is told with another day and region than its bytes have: these count.
    fn event(version: i64, at: OffsetDateTime, name: &str, data: &Value) -> Event {
        let bytes = json!({
            "actor": "controls",
            "actorkind": "service",
            "actorrole": "service",
            "aggregateversion": version.to_string(),
            "data": data,
            "id": "0198",
            "region": "93",
            "root": "contracts/1",
            "subject": "contracts/1",
            "time": at.format(&Rfc3339).unwrap(),
            "type": format!("cpom.contracts.v1.{name}"),
        });
        Event {
            aggregate: "contracts/2".to_owned(),
            version: 9,
            r#type: "cpom.contracts.v1.ContractClosed".to_owned(),
            region: "04".to_owned(),
            canonical: serde_json::to_vec(&bytes).unwrap(),
            ..Default::default()
        }
    }

    #[test]
    fn a_day_ends_at_midnight_in_the_region_and_a_later_word_replaces_the_earlier_one() {
        let drafted = json!({ "number": "C-1", "text": "first" });
        let proposed = json!({ "text": "second" });
        let events = [
            event(
                1,
                datetime!(2026-03-01 10:00 UTC),
                "ContractDrafted",
                &drafted,
            ),
            // Half past midnight of the 3rd in Paris.
            event(
                2,
                datetime!(2026-03-02 23:30 UTC),
                "VersionProposed",
                &proposed,
            ),
        ];
        let on = |day| known(&up_to(&events, day).unwrap()).unwrap();
        assert!(on(date!(2026 - 02 - 28)).is_empty());
        let second = on(date!(2026 - 03 - 02));
        assert_eq!(second["contracts/1"].version, 1);
        assert_eq!(second["contracts/1"].fields["text"].value, "first");
        let third = on(date!(2026 - 03 - 03));
        assert_eq!(third["contracts/1"].last_event, "VersionProposed");
        assert_eq!(
            third["contracts/1"].fields["number"].event,
            "ContractDrafted"
        );
        let changed = changes(&second, &third);
        assert_eq!(changed.len(), 1);
        assert_eq!(changed[0].before, Some(json!("first")));
        assert_eq!(changed[0].after.value, "second");
        assert_eq!(changed[0].after.on, "2026-03-03");
    }
}
