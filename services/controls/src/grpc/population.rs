//! Asking the owner of the contracts which ones took effect, so that none is left out of a campaign
//! because an event was still on its way.

use kernel::Region;
use prost::Name as _;
use proto::{
    contracts::v1::ContractInForce,
    history::v1::{ListEventsRequest, history_service_client::HistoryServiceClient},
};
use rpc::client::Peer;
use tonic::Status;

use crate::domain::ContractId;

const PAGE: i32 = 200;

/// Every contract of the region that ever took effect, as the contracts service tells it now.
pub async fn in_force_ever(contracts: Peer, region: Region) -> Result<Vec<ContractId>, Status> {
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
        for event in page
            .events
            .iter()
            .filter(|event| event.region == region.code())
        {
            let id = event.aggregate.parse().map_err(|_| {
                Status::internal(format!(
                    "{:?} is not the name of a contract",
                    event.aggregate
                ))
            })?;
            known.push(id);
        }
        if page.next_page_token.is_empty() {
            return Ok(known);
        }
        page_token = page.next_page_token;
    }
}
