//! Asking the owner of the contracts which ones took effect, so that none is left out of a campaign
//! because an event was still on its way.

use bus::Envelope;
use kernel::Region;
use prost::Name as _;
use proto::{
    contracts::v1::ContractInForce,
    history::v1::{Event, ListEventsRequest, history_service_client::HistoryServiceClient},
};
use rpc::client::Peer;
use time::{Date, macros::format_description};
use tonic::Status;

use crate::domain::ContractId;

const PAGE: i32 = 200;

/// Every contract of the region that ever took effect, as the contracts service tells it now.
pub async fn in_force_ever(contracts: Peer, region: Region) -> Result<Vec<ContractId>, Status> {
    let told = told(contracts, region).await?;
    Ok(told.into_iter().map(|(contract, _)| contract).collect())
}

/// Those in force on at least one of these days.
pub async fn in_force_between(
    contracts: Peer,
    region: Region,
    (first, last): (Date, Date),
) -> Result<Vec<ContractId>, Status> {
    let mut found = Vec::new();
    for (contract, event) in told(contracts, region).await? {
        let unusable = |error: &dyn std::fmt::Display| Status::internal(error.to_string());
        let told: ContractInForce = Envelope::parse(&event.canonical)
            .and_then(|envelope| envelope.decode())
            .map_err(|error| unusable(&format_args!("{error:?}")))?;
        let day = |text: &str| {
            Date::parse(text, format_description!("[year]-[month]-[day]"))
                .map_err(|error| unusable(&error))
        };
        if day(&told.effect_date)? <= last && day(&told.end_date)? >= first {
            found.push(contract);
        }
    }
    Ok(found)
}

async fn told(contracts: Peer, region: Region) -> Result<Vec<(ContractId, Event)>, Status> {
    let mut history = HistoryServiceClient::new(contracts);
    let mut known = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListEventsRequest {
            r#type: ContractInForce::full_name(),
            page_size: PAGE,
            page_token,
            ..Default::default()
        };
        let page = history.list_events(request).await?.into_inner();
        for event in page.events {
            if event.region != region.code() {
                continue;
            }
            let id = event.aggregate.parse().map_err(|_| {
                Status::internal(format!(
                    "{:?} is not the name of a contract",
                    event.aggregate
                ))
            })?;
            known.push((id, event));
        }
        if page.next_page_token.is_empty() {
            return Ok(known);
        }
        page_token = page.next_page_token;
    }
}
