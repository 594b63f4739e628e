//! The latest facts of a contract, for those who may read its history.

use proto::{
    contracts::v1::Contract,
    history::v1::{Event, ListEventsRequest},
};

use crate::{
    Failure,
    services::{Service, within},
    text::{dates, labels, numbers},
    visitor::Visitor,
};

/// A fact of the history.
pub(crate) struct Fact {
    pub(crate) when: String,
    pub(crate) what: String,
    pub(crate) who: String,
    pub(crate) reason: String,
}

/// What the history says of a contract.
pub(crate) struct History {
    /// The latest, most recent first.
    pub(crate) facts: Vec<Fact>,
    /// How many earlier ones were read and are not shown; empty when there are none.
    pub(crate) older: String,
    /// There are later ones that were not read.
    pub(crate) is_cut: bool,
}

/// Pages of the history that are read for one contract, of two hundred facts each.
const MOST_PAGES: usize = 10;
/// Facts of one contract that are shown: the latest.
const MOST_FACTS: usize = 200;

/// The history, for those who may read it.
pub(super) async fn read(
    visitor: &Visitor,
    contract: &Contract,
) -> Result<Option<History>, Failure> {
    let may_read = ["auditor", "manager", "director_general"]
        .iter()
        .any(|role| visitor.is(role));
    if !may_read {
        return Ok(None);
    }
    let mut request = ListEventsRequest {
        aggregate: contract.name.clone(),
        page_size: 200,
        ..Default::default()
    };
    let mut client = visitor.services.history(Service::Contracts);
    let mut events = Vec::new();
    for _ in 0..MOST_PAGES {
        let page = client.list_events(within(request.clone())).await?;
        let page = page.into_inner();
        events.extend(page.events);
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    Ok(Some(latest(&events, !request.page_token.is_empty())))
}

/// The last facts of those that were read, and how many there are before them.
fn latest(events: &[Event], is_cut: bool) -> History {
    let older = events.len().saturating_sub(MOST_FACTS);
    History {
        facts: events[older..]
            .iter()
            .rev()
            .map(|event| Fact {
                when: dates::timestamp(event.record_time.as_ref()),
                what: labels::fact(&event.r#type).to_owned(),
                who: labels::actor(event.actor.as_ref()),
                reason: event.reason.clone(),
            })
            .collect(),
        older: match i64::try_from(older) {
            Ok(0) | Err(_) => String::new(),
            Ok(count) => numbers::whole(count),
        },
        is_cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_facts_are_shown_and_the_others_are_counted() {
        let event = |place: usize| Event {
            reason: place.to_string(),
            ..Default::default()
        };
        let events: Vec<Event> = (1..=1_201).map(event).collect();
        let few = latest(&events[..200], false);
        assert_eq!((few.facts.len(), few.older.as_str()), (200, ""));
        assert_eq!(few.facts[0].reason, "200");
        assert_eq!(few.facts[199].reason, "1");
        let many = latest(&events, true);
        assert_eq!(many.facts.len(), 200);
        assert_eq!(many.facts[0].reason, "1201");
        assert_eq!(many.older, "1\u{202f}001");
        assert!(many.is_cut && !few.is_cut);
        assert!(latest(&[], false).facts.is_empty());
    }
}
