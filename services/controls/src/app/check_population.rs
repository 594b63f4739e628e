//! The proof that a population is complete: the owner of the contracts is asked, and every contract in force at
//! least one day of the year must be controlled once.

use std::collections::BTreeSet;

use ::store::Db;
use kit::timestamp;
use proto::controls::v1 as pb;
use rpc::{Call, Error, Page, client::Peer};
use tracing::warn;

use crate::{
    domain::{CampaignId, ContractId, campaign::days_of},
    grpc::{convert, population},
    store::{campaign, control, late_contract},
};

/// Names told of each kind of discrepancy.
const NAMED: usize = 1_000;

pub async fn run(
    db: &Db,
    contracts: Peer,
    call: &Call,
    request: pb::CheckPopulationRequest,
) -> Result<pb::PopulationCheck, Error> {
    let id: CampaignId = convert::name("name", &request.name)?;
    let campaign = campaign::find(db.pool(), id)
        .await?
        .map(|recorded| recorded.campaign)
        .filter(|campaign| call.caller.sees(campaign.region))
        .ok_or(Error::NotFound(request.name))?;
    let days = days_of(campaign.year);
    let expected: BTreeSet<ContractId> =
        population::in_force_between(contracts, campaign.region, days)
            .await
            .map_err(|status| {
                warn!(%status, "the contracts service cannot be asked for its population");
                Error::Unavailable("the contracts service")
            })?
            .into_iter()
            .collect();
    let listed = control::population(db.pool(), id).await?;
    let controlled: BTreeSet<ContractId> = listed.iter().map(|(contract, _)| *contract).collect();
    let missing: Vec<_> = expected.difference(&controlled).collect();
    let unexpected: Vec<_> = controlled.difference(&expected).collect();
    let doubled: Vec<_> = listed
        .iter()
        .filter(|(_, times)| *times > 1)
        .map(|(contract, _)| contract)
        .collect();
    let progress = campaign::progress(db.pool(), &[id]).await?;
    Ok(pb::PopulationCheck {
        campaign: id.to_string(),
        check_time: Some(timestamp(call.at)),
        expected: count(expected.len()),
        listed: count(controlled.len()),
        complete: missing.is_empty() && doubled.is_empty() && unexpected.is_empty(),
        missing: names(&missing),
        doubled: names(&doubled),
        unexpected: names(&unexpected),
        late: progress
            .get(&id)
            .map_or(0, |progress| progress.late.cast_signed()),
    })
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

fn names(contracts: &[&ContractId]) -> Vec<String> {
    let named = contracts.iter().take(NAMED);
    named.map(ToString::to_string).collect()
}

/// Lists the contracts that became known after the data were frozen.
pub async fn list_late(
    db: &Db,
    call: &Call,
    request: pb::ListLateContractsRequest,
) -> Result<pb::ListLateContractsResponse, Error> {
    let id: CampaignId = convert::name("campaign", &request.campaign)?;
    let page = Page::read(request.page_size, &request.page_token, &[&request.campaign])?;
    campaign::find(db.pool(), id)
        .await?
        .filter(|recorded| call.caller.sees(recorded.campaign.region))
        .ok_or(Error::NotFound(request.campaign))?;
    let mut rows = late_contract::list(db.pool(), id, page.key(0)?, page.limit()).await?;
    let next_page_token = page.next(&mut rows, |row| vec![row.contract.0.to_string()]);
    let late_contracts = rows
        .iter()
        .map(|late| pb::LateContract {
            campaign: id.to_string(),
            contract: late.contract.to_string(),
            reason: convert::late_reason(late.reason).into(),
            notice_time: Some(timestamp(late.at)),
            control: late.control.map(|id| id.to_string()).unwrap_or_default(),
        })
        .collect();
    Ok(pb::ListLateContractsResponse {
        late_contracts,
        next_page_token,
    })
}
