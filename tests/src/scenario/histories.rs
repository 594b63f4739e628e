//! Reading the history as an auditor does: the same question to the four services.

use anyhow::Context as _;
use proto::{
    history::v1::{Event, ListEventsRequest},
    types::v1::ActorKind,
};

use super::Scenario;
use crate::suite::Service;

/// An event with the service that recorded it.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub service: Service,
    pub event: Event,
}

impl Recorded {
    /// The last part of the type, for example `ReviewOpened`.
    pub fn name(&self) -> &str {
        self.event.r#type.rsplit('.').next().unwrap_or_default()
    }

    pub fn is_by_human(&self) -> bool {
        self.event
            .actor
            .as_ref()
            .is_some_and(|actor| actor.kind() == ActorKind::Human)
    }

    /// The event as it was published.
    pub fn envelope(&self) -> anyhow::Result<serde_json::Value> {
        serde_json::from_slice(&self.event.canonical).context("CloudEvents JSON")
    }
}

impl Scenario<'_> {
    /// What the four services recorded about one resource and what hangs on it, in the order of time.
    pub async fn life_of(&self, root: &str) -> anyhow::Result<Vec<Recorded>> {
        let mut life = Vec::new();
        for service in Service::ALL {
            life.extend(self.events(service, root).await?);
        }
        life.sort_by_key(|recorded| {
            let at = recorded.event.record_time.unwrap_or_default();
            (at.seconds, at.nanos, recorded.event.id.clone())
        });
        Ok(life)
    }

    /// What one service recorded; everything when `root` is empty.
    pub async fn events(&self, service: Service, root: &str) -> anyhow::Result<Vec<Recorded>> {
        let mut client = self.suite.history(service, &self.people.auditor())?;
        let mut request = ListEventsRequest {
            root: root.to_owned(),
            page_size: 200,
            ..Default::default()
        };
        let mut events = Vec::new();
        loop {
            let page = client.list_events(request.clone()).await?.into_inner();
            events.extend(
                page.events
                    .into_iter()
                    .map(|event| Recorded { service, event }),
            );
            if page.next_page_token.is_empty() {
                return Ok(events);
            }
            request.page_token = page.next_page_token;
        }
    }
}
