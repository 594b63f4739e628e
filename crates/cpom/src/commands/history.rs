//! `cpom history`: one resource, or what a filter chooses, across the four services.

use anyhow::Result;
use clap::Args;
use proto::history::v1::{Event, ListEventsRequest};

use super::Context;
use crate::{
    client::Session,
    failure::Exit,
    list_all,
    output::{Table, instant},
    stack::Service,
};

#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// `contracts/…` or `legalEntities/…` for everything that belongs to it; any other resource for its
    /// own events. Everything you may see, where a filter says what.
    #[arg(required_unless_present = "filter")]
    pub name: Option<String>,
    /// Comparisons joined by AND, such as `type:"Review" AND time >= "2026-01-01T00:00:00Z"`. Fields: contract,
    /// establishment, aggregate, actor, role, region, type, outcome, time.
    #[arg(long)]
    pub filter: Option<String>,
}

pub(super) async fn run(context: &Context, args: &HistoryArgs) -> Result<Exit> {
    let session = context.session(&Service::ALL, "auditor").await?;
    let mut events = Vec::new();
    for service in Service::ALL {
        events.extend(events_of(&session, service, args).await?);
    }
    // Events of one resource share a clock and their versions settle a tie.
    events.sort_by_key(|event| {
        let time = event.record_time.unwrap_or_default();
        (
            time.seconds,
            time.nanos,
            event.aggregate.clone(),
            event.version,
        )
    });
    context
        .output
        .messages(&events, || table(&events).to_string())?;
    Ok(Exit::Success)
}

async fn events_of(session: &Session, service: Service, args: &HistoryArgs) -> Result<Vec<Event>> {
    let name = args.name.as_deref().unwrap_or_default();
    let is_root = name.starts_with("contracts/") || name.starts_with("legalEntities/");
    let (root, aggregate) = if is_root { (name, "") } else { ("", name) };
    let request = ListEventsRequest {
        root: root.to_owned(),
        aggregate: aggregate.to_owned(),
        filter: args.filter.clone().unwrap_or_default(),
        ..Default::default()
    };
    Ok(list_all!(
        session.history(service),
        list_events,
        request.clone(),
        events
    )
    .await?)
}

fn table(events: &[Event]) -> Table {
    let mut table = Table::new(&[
        "when", "what", "resource", "version", "who", "role", "why", "request",
    ]);
    for event in events {
        let actor = event.actor.clone().unwrap_or_default();
        table.row([
            instant(event.record_time.as_ref()),
            event
                .r#type
                .strip_prefix("cpom.")
                .unwrap_or(&event.r#type)
                .to_owned(),
            event.aggregate.clone(),
            event.version.to_string(),
            actor.subject,
            actor.role,
            event.reason.clone(),
            event.request_id.clone(),
        ]);
    }
    table
}
