//! Contracts in force, for everybody.

use kernel::{Region, legal_time::legal_day};
use proto::contracts::v1 as pb;
use rpc::{Call, Error, Page};
use sqlx::PgConnection;
use time::Date;

use super::{App, read_amendments};
use crate::{
    domain::{Contract, ContractId, communication::communicated},
    grpc::convert,
    store::{
        self as rows,
        published::{Filter, Published},
    },
};

pub async fn list(
    app: &App,
    call: &Call,
    request: pb::ListPublishedContractsRequest,
) -> Result<pb::ListPublishedContractsResponse, Error> {
    let arguments = [
        &request.region,
        &request.department,
        request.kind().as_str_name(),
        &request.query,
    ];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let after = page.dated()?;
    let filter = Filter {
        id: None,
        region: convert::filter(&request.region),
        department: convert::filter(&request.department),
        kind: convert::regime_kind_from(request.kind()),
        words: request.query,
    };
    let mut connection = app.db.pool().acquire().await?;
    let mut contracts =
        rows::published::list(&mut connection, &filter, &today(call), after, page.limit()).await?;
    let next_page_token = page.next(&mut contracts, |c| rpc::dated_key(c.created_at, c.id.0));
    Ok(pb::ListPublishedContractsResponse {
        contracts: contracts.iter().map(convert::published).collect(),
        next_page_token,
    })
}

/// The public passages of a contract in force, as they read today.
pub async fn get(
    app: &App,
    call: &Call,
    request: pb::GetPublishedContractRequest,
) -> Result<pb::PublishedText, Error> {
    let mut connection = app.db.pool().acquire().await?;
    let (published, contract) = in_force(&mut connection, call, &request.name).await?;
    let as_of = legal_day(call.at, contract.region);
    let (text, amendments) =
        read_amendments::on(&mut connection, contract.id, &contract.text, as_of).await?;
    let told = communicated(text.content.clone());
    Ok(pb::PublishedText {
        contract: Some(convert::published(&published)),
        as_of: as_of.to_string(),
        clauses: told.clauses.iter().map(convert::content::clause).collect(),
        annexes: told.annexes.iter().map(convert::content::annex).collect(),
        withheld: told.withheld.iter().map(convert::withheld).collect(),
        amended_on: amendments
            .iter()
            .map(|amendment| amendment.effect_date.to_string())
            .collect(),
    })
}

/// A contract in force by its public name.
pub(super) async fn in_force(
    connection: &mut PgConnection,
    call: &Call,
    name: &str,
) -> Result<(Published, Contract), Error> {
    let not_found = || Error::NotFound(name.to_owned());
    let id: ContractId = name
        .strip_prefix("publishedContracts/")
        .and_then(|id| format!("contracts/{id}").parse().ok())
        .ok_or_else(not_found)?;
    let filter = Filter {
        id: Some(id),
        ..Filter::default()
    };
    let mut found = rows::published::list(connection, &filter, &today(call), None, 1).await?;
    let published = found.pop().ok_or_else(not_found)?;
    let contract = rows::contract::find(connection, id)
        .await?
        .ok_or_else(not_found)?;
    Ok((published, contract))
}

/// The legal day of each region.
fn today(call: &Call) -> Vec<(Region, Date)> {
    Region::all()
        .map(|region| (region, legal_day(call.at, region)))
        .collect()
}
