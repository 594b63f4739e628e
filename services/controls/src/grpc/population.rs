//! Asking the owner of the contracts which ones took effect, so that none is left out of a campaign
//! because an event was still on its way.

use std::collections::BTreeMap;

use bus::Envelope;
use kernel::Region;
use prost::Name as _;
use proto::{
    contracts::v1::ContractInForce,
    history::v1::{Event, ListEventsRequest, history_service_client::HistoryServiceClient},
};
use rpc::client::Peer;
use time::{
    Date, OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description,
};
use tonic::Status;

use crate::{domain::ContractId, events::consumed::LAST_DAYS};

const PAGE: i32 = 200;

/// Every contract of the region that ever took effect, as the contracts service tells it now.
pub async fn in_force_ever(contracts: Peer, region: Region) -> Result<Vec<ContractId>, Status> {
    let told = told(contracts, region, &ContractInForce::full_name()).await?;
    Ok(told.into_iter().map(|(contract, _)| contract).collect())
}

/// Those in force on at least one of these days, by their terms as they stand now.
pub async fn in_force_between(
    contracts: Peer,
    region: Region,
    (first, last): (Date, Date),
) -> Result<Vec<ContractId>, Status> {
    let mut terms = BTreeMap::new();
    for (contract, event) in told(contracts.clone(), region, &ContractInForce::full_name()).await? {
        let term = text(&event, "effectDate")?.zip(text(&event, "endDate")?);
        let (begin, end) = term.ok_or_else(|| unusable(&"a term without days"))?;
        terms.insert(contract, (day(&begin)?, day(&end)?));
    }
    let mut moved = Vec::new();
    for (moves, field) in LAST_DAYS {
        for (contract, event) in told(contracts.clone(), region, moves).await? {
            if let Some(last) = text(&event, field)? {
                moved.push((recorded(&event)?, contract, day(&last)?));
            }
        }
    }
    // A contract and its amendments have histories of their own: the last word counts, whatever its kind.
    moved.sort_by_key(|(at, ..)| *at);
    for (_, contract, last) in moved {
        if let Some((begin, end)) = terms.get_mut(&contract) {
            *end = last.max(*begin);
        }
    }
    let in_force = terms
        .into_iter()
        .filter(|(_, (begin, end))| *begin <= last && *end >= first);
    Ok(in_force.map(|(contract, _)| contract).collect())
}

fn unusable(error: &dyn std::fmt::Display) -> Status {
    Status::internal(error.to_string())
}

fn day(text: &str) -> Result<Date, Status> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).map_err(|error| unusable(&error))
}

fn envelope(event: &Event) -> Result<Envelope, Status> {
    Envelope::parse(&event.canonical).map_err(|error| unusable(&format_args!("{error:?}")))
}

/// When an event was recorded.
fn recorded(event: &Event) -> Result<OffsetDateTime, Status> {
    let time = envelope(event)?.time;
    OffsetDateTime::parse(&time, &Rfc3339).map_err(|error| unusable(&error))
}

/// A text that an event carries; None when it is empty.
fn text(event: &Event, field: &str) -> Result<Option<String>, Status> {
    let envelope = envelope(event)?;
    let told = envelope.data.get(field).and_then(|value| value.as_str());
    Ok(told.filter(|text| !text.is_empty()).map(str::to_owned))
}

/// The events of one type about contracts of the region, as their owner tells them.
async fn told(
    contracts: Peer,
    region: Region,
    event_type: &str,
) -> Result<Vec<(ContractId, Event)>, Status> {
    let mut history = HistoryServiceClient::new(contracts);
    let mut known = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListEventsRequest {
            r#type: event_type.to_owned(),
            page_size: PAGE,
            page_token,
            ..Default::default()
        };
        let page = history.list_events(request).await?.into_inner();
        for event in page.events {
            if event.region != region.code() {
                continue;
            }
            // An amendment tells what becomes of its contract.
            let named = text(&event, "contract")?.unwrap_or_else(|| event.aggregate.clone());
            let id = named
                .parse()
                .map_err(|_| unusable(&format_args!("{named:?} is not the name of a contract")))?;
            known.push((id, event));
        }
        if page.next_page_token.is_empty() {
            return Ok(known);
        }
        page_token = page.next_page_token;
    }
}
