//! What a contract has realised from January to a month, beside its targets.

use std::collections::HashMap;

use kernel::Finess;
use proto::targets::v1 as pb;
use rpc::{Call, Error};
use time::OffsetDateTime;

use super::{App, target_sets};
use crate::{
    domain::{Contract, ContractId, Objective, Received, year_to_date},
    grpc::{realisations, scalars::parse},
    store::{contract_copy, indicator_value, target_set},
};

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::GetYearToDateRequest,
) -> Result<pb::YearToDate, Error> {
    let id: ContractId = parse("contract", &request.contract)?;
    let year = i16::try_from(request.year).map_err(|error| Error::invalid("year", error))?;
    let through_month = u8::try_from(request.through_month)
        .map_err(|error| Error::invalid("through_month", error))?;
    let received_before = request
        .received_before
        .as_ref()
        .map(|timestamp| {
            kit::from_timestamp(timestamp)
                .ok_or_else(|| Error::invalid("received_before", "is not an instant"))
        })
        .transpose()?;
    let pool = app.db.pool();
    let contract = visible(app, call, id).await?;
    let sets = target_set::that_took_effect(pool, contract.region, &[id], year).await?;
    let set = sets.first();
    let objectives = set.map_or(&[][..], |set| &set.objectives);
    let mut measured: Vec<(Finess, String)> = objectives
        .iter()
        .map(|objective| (objective.subject, objective.indicator.clone()))
        .collect();
    measured.sort_unstable();
    measured.dedup();
    if received_before.is_some() {
        indicator_value::wait_for_writers(pool).await?;
    }
    let values = indicator_value::current_of_year(pool, &measured, year, received_before).await?;
    let by_measure: HashMap<(Finess, &str), &[Received]> = values
        .chunk_by(|a, b| (a.subject, &a.indicator) == (b.subject, &b.indicator))
        .filter_map(|chunk| {
            let first = chunk.first()?;
            Some(((first.subject, first.indicator.as_str()), chunk))
        })
        .collect();
    let used = values.iter().filter(|value| {
        value
            .period
            .month()
            .is_none_or(|month| month <= through_month)
    });
    let latest: Option<OffsetDateTime> = used.map(|value| value.received_at).max();
    let written = objectives.iter().map(|objective| {
        let measure = (objective.subject, objective.indicator.as_str());
        let current = by_measure.get(&measure).copied().unwrap_or_default();
        one(app, objective, current, year, through_month)
    });
    Ok(pb::YearToDate {
        contract: id.to_string(),
        target_set: set.map(|set| set.id.to_string()).unwrap_or_default(),
        year: request.year,
        through_month: request.through_month,
        data_time: latest.map(kit::timestamp),
        objectives: written.collect(),
    })
}

async fn visible(app: &App, call: &Call, id: ContractId) -> Result<Contract, Error> {
    let mut connection = app.db.pool().acquire().await?;
    contract_copy::find(&mut connection, id)
        .await?
        .filter(|contract| target_sets::sees(call, contract))
        .ok_or_else(|| Error::NotFound(id.to_string()))
}

fn one(
    app: &App,
    objective: &Objective,
    current: &[Received],
    year: i16,
    through_month: u8,
) -> pb::ObjectiveToDate {
    let yearly_only = app
        .catalogue
        .find(&objective.indicator)
        .is_some_and(|(_, indicator)| indicator.yearly_only);
    let target = objective
        .yearly
        .iter()
        .find(|yearly| yearly.year == year)
        .map(|yearly| yearly.target);
    let part = target
        .filter(|_| !yearly_only)
        .map(|target| year_to_date::part(target, through_month));
    let so_far = year_to_date::to_date(current, through_month, yearly_only);
    realisations::write(objective, target, part, &so_far)
}
