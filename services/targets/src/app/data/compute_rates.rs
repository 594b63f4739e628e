//! Rates for those who work with them.

use proto::targets::v1 as pb;
use rpc::{Call, Error};

use super::rate_table::{Basis, RateTable};
use crate::{
    app::App,
    domain::case_mix::Measure,
    grpc::data::rates::{Line, write_rate},
};

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::ComputeRatesRequest,
) -> Result<pb::ComputeRatesResponse, Error> {
    let mut basis = request.basis.clone().unwrap_or_default();
    let table = Basis::read(app, call, &basis)
        .await?
        .load(app, false)
        .await?;
    basis.activities.clone_from(&table.activities);
    let mut rates = Vec::with_capacity(table.basis.territories.len() * table.activities.len());
    for territory in 0..table.basis.territories.len() {
        for activity in 0..table.activities.len() {
            rates.extend(line(&table, territory, activity).map(|line| write_rate(&line)));
        }
    }
    Ok(pb::ComputeRatesResponse {
        basis: Some(basis),
        rates,
        data_version: table.data_version,
        cases_elsewhere: table.cases_elsewhere,
        cases_without_class: table.cases_without_class,
        population_year: table.population_year.into(),
    })
}

fn line(table: &RateTable, territory: usize, activity: usize) -> Option<Line<'_>> {
    let cases = table.cases.get(territory)?.get(activity)?;
    Some(Line {
        territory: &table.basis.territories.get(territory)?.code,
        activity: table.activities.get(activity)?,
        outcome: table.outcome(territory, activity)?,
        cases,
        population: table.inhabitants.get(territory)?.iter().sum(),
        of_stays: table.basis.measure == Measure::Stays,
    })
}
