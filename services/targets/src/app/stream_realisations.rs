//! What contracts realised in a year, contract by contract.

use std::collections::HashMap;

use kernel::{Finess, Region};
use proto::targets::v1 as pb;
use rpc::{Call, Error};
use time::OffsetDateTime;
use tokio::sync::mpsc;
use tonic::Status;

use super::{App, data::pmsi_realisations::PmsiFigures};
use crate::{
    domain::{ContractId, Received, TargetSet, TargetSetId, realisation},
    grpc::{indicators, scalars::parse},
    store::{indicator_value, target_set},
};

/// Contracts whose sets and values are read together: two queries for each such page.
const PAGE: usize = 25;

/// What is asked, in the order of the answers.
pub(crate) struct Asked {
    region: Region,
    year: i16,
    contracts: Vec<ContractId>,
    /// Sets to measure instead of the last ones of the year.
    target_sets: Vec<TargetSetId>,
    received_before: Option<OffsetDateTime>,
}

/// Reads the request, within the caller's regions.
pub(crate) fn read(call: &Call, request: &pb::StreamRealisationsRequest) -> Result<Asked, Error> {
    let region: Region = parse("region", &request.region)?;
    call.caller.require_region(region, &call.permission)?;
    let mut contracts = request
        .contracts
        .iter()
        .map(|name| parse("contracts", name))
        .collect::<Result<Vec<ContractId>, _>>()?;
    contracts.sort_unstable();
    let target_sets = request
        .target_sets
        .iter()
        .map(|name| parse("target_sets", name))
        .collect::<Result<_, _>>()?;
    let received_before = match &request.received_before {
        Some(timestamp) => Some(
            kit::from_timestamp(timestamp)
                .ok_or_else(|| Error::invalid("received_before", "is not an instant"))?,
        ),
        None => None,
    };
    let year = i16::try_from(request.year).map_err(|error| Error::invalid("year", error))?;
    Ok(Asked {
        region,
        year,
        contracts,
        target_sets,
        received_before,
    })
}

/// Sends one answer for each contract. A client that reads slowly is waited for, one page ahead of it.
pub(crate) async fn run(
    app: App,
    asked: Asked,
    answers: mpsc::Sender<Result<pb::ContractRealisation, Status>>,
) {
    if let Err(error) = send_all(&app, &asked, &answers).await {
        let _ = answers.send(Err(error.into())).await;
    }
}

async fn send_all(
    app: &App,
    asked: &Asked,
    answers: &mpsc::Sender<Result<pb::ContractRealisation, Status>>,
) -> Result<(), Error> {
    if asked.received_before.is_some() {
        // The data of a campaign are frozen: a batch received before that instant and not yet committed
        // must not appear between two readings.
        indicator_value::wait_for_writers(app.db.pool()).await?;
    }
    let named = named(app, asked).await?;
    for contracts in asked.contracts.chunks(PAGE) {
        for realisation in page(app, asked, contracts, &named).await? {
            if answers.send(Ok(realisation)).await.is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The sets that the request names, by contract. They have to be of the contracts it asks about, one of each at most:
/// a campaign that got another set than it froze would compare with the wrong targets.
async fn named(app: &App, asked: &Asked) -> Result<HashMap<ContractId, TargetSet>, Error> {
    let found = target_set::named(app.db.pool(), asked.region, &asked.target_sets).await?;
    let mut by_contract = HashMap::with_capacity(found.len());
    for set in found {
        let (id, contract) = (set.id, set.contract);
        if !asked.contracts.contains(&contract) {
            let why = format!("{id} is of {contract}, which is not among the contracts");
            return Err(Error::invalid("target_sets", why));
        }
        if let Some(other) = by_contract.insert(contract, set) {
            let why = format!("{id} and {} are both of {contract}", other.id);
            return Err(Error::invalid("target_sets", why));
        }
    }
    let is_known = |id: &&TargetSetId| by_contract.values().any(|set| set.id == **id);
    match asked.target_sets.iter().find(|id| !is_known(id)) {
        Some(unknown) => Err(Error::NotFound(unknown.to_string())),
        None => Ok(by_contract),
    }
}

async fn page(
    app: &App,
    asked: &Asked,
    contracts: &[ContractId],
    named: &HashMap<ContractId, TargetSet>,
) -> Result<Vec<pb::ContractRealisation>, Error> {
    let pool = app.db.pool();
    let latest = target_set::that_took_effect(pool, asked.region, contracts, asked.year).await?;
    let sets: Vec<&TargetSet> = contracts
        .iter()
        .filter_map(|id| {
            let of_contract = latest.iter().find(|set| set.contract == *id);
            named.get(id).or(of_contract)
        })
        .collect();
    let mut measured: Vec<(Finess, String)> = sets
        .iter()
        .flat_map(|set| &set.objectives)
        .map(|objective| (objective.subject, objective.indicator.clone()))
        .collect();
    measured.sort_unstable();
    measured.dedup();
    let values =
        indicator_value::current_of_year(pool, &measured, asked.year, asked.received_before)
            .await?;
    let subjects = measured.iter().map(|(subject, _)| *subject).collect();
    let pmsi = PmsiFigures::read(pool, &subjects, asked.year, asked.received_before).await?;
    let by_measure: HashMap<(Finess, &str), &[Received]> = values
        .chunk_by(|a, b| (a.subject, &a.indicator) == (b.subject, &b.indicator))
        .filter_map(|chunk| {
            Some((
                (chunk.first()?.subject, chunk.first()?.indicator.as_str()),
                chunk,
            ))
        })
        .collect();
    Ok(contracts
        .iter()
        .map(|contract| {
            let set = sets.iter().find(|set| set.contract == *contract);
            realise(*contract, set.copied(), &by_measure, &pmsi)
        })
        .collect())
}

fn realise(
    contract: ContractId,
    set: Option<&TargetSet>,
    by_measure: &HashMap<(Finess, &str), &[Received]>,
    pmsi: &PmsiFigures,
) -> pb::ContractRealisation {
    let objectives = set.map_or(&[][..], |set| &set.objectives);
    pb::ContractRealisation {
        contract: contract.to_string(),
        target_set: set.map(|set| set.id.to_string()).unwrap_or_default(),
        objectives: objectives
            .iter()
            .map(|objective| {
                let measure = (objective.subject, objective.indicator.as_str());
                let current = by_measure.get(&measure).copied().unwrap_or_default();
                let (realised, inputs) = realisation::realise(current);
                pb::ObjectiveRealisation {
                    pmsi: pmsi.realised(objective.subject, &objective.indicator),
                    ..indicators::write_realisation(&objective.id, realised, inputs)
                }
            })
            .collect(),
    }
}
