//! What a contract was given beside what it did: two lists, and nothing that divides one by the other.

use proto::targets::v1 as pb;
use rpc::{Call, Error};

use super::state_figures::region_of_contract;
use crate::{
    app::{App, year_to_date},
    domain::offer::Funding,
    grpc::{offer::fundings::write_funding, planning::reading},
    store::offer::statement,
};

/// Results are those of the whole year.
const DECEMBER: i32 = 12;

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::GetMeansAndResultsRequest,
) -> Result<pb::MeansAndResults, Error> {
    let region = region_of_contract(app, call, &request.contract).await?;
    let year = reading::year("", "year", request.year).map_err(reading::one)?;
    let subjects = [request.contract.clone()];
    let mut means: Vec<Funding> =
        statement::current(app.db.pool(), region, Some(&subjects)).await?;
    means.retain(|funding| funding.year == year || funding.year == year - 1);
    means.sort_by_key(|funding| (funding.year, funding.kind));
    let results = pb::GetYearToDateRequest {
        contract: request.contract.clone(),
        year: request.year,
        through_month: DECEMBER,
        received_before: None,
    };
    Ok(pb::MeansAndResults {
        contract: request.contract.clone(),
        year: request.year,
        means: means.iter().map(write_funding).collect(),
        results: Some(year_to_date::run(app, call, &results).await?),
    })
}
