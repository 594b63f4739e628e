//! What a policy would have raised in years that were measured: counted for the person who adopts it, and listed
//! contract by contract. Neither a control nor a finding changes.

use ::store::{Db, Unit};
use kernel::legal_time::legal_day;
use proto::controls::v1 as pb;
use rpc::{Call, Error, Page, etag};
use sqlx::PgConnection;

use crate::{
    domain::{Campaign, Policy, PolicyId, Refusal, policy::Simulation, simulation::Trial},
    events::published,
    grpc::convert,
    store::{campaign, control, tolerance_policy},
};

/// Controls read at a time.
const CHUNK: i64 = 500;

/// Counts, and records that it was counted.
pub async fn run(
    db: &Db,
    call: &Call,
    request: pb::SimulateTolerancePolicyRequest,
) -> Result<pb::TolerancePolicy, Error> {
    let by = call.human()?;
    let id: PolicyId = convert::name("name", &request.name)?;
    let mut unit = claim!(db, call, request);
    let policy = tolerance_policy::lock(unit.connection(), id)
        .await?
        .ok_or_else(|| Error::NotFound(id.to_string()))?;
    call.caller
        .require_region(policy.region, &call.permission)?;
    etag::check_telling(&mut unit, &policy.id, &request.etag, policy.version).await?;
    let could_be_simulated =
        tolerance_policy::can_be_simulated(unit.connection(), policy.region).await?;
    policy.may_simulate(could_be_simulated)?;
    let mut simulations = Vec::with_capacity(request.years.len());
    for year in &request.years {
        simulations.push(count(&mut unit, &policy, *year).await?);
    }
    let event = policy.simulate(&by, simulations)?;
    let simulated = policy.evolve(&event);
    unit.append(vec![published::policy(&simulated, &event)?])
        .await?;
    tolerance_policy::simulated(unit.connection(), &simulated).await?;
    let reply = convert::policy::message(&simulated, legal_day(call.at, simulated.region));
    unit.commit(&reply).await?;
    Ok(reply)
}

async fn measured(
    connection: &mut PgConnection,
    policy: &Policy,
    year: i32,
) -> Result<Campaign, Error> {
    let found = campaign::measured(connection, policy.region, year).await?;
    Ok(found.ok_or(Refusal::YearNotMeasured { year })?)
}

fn trial<'a>(policy: &'a Policy, campaign: &Campaign) -> Option<Trial<'a>> {
    Some(Trial {
        policy: policy.id,
        rules: &policy.rules,
        year: campaign.year,
        campaign: campaign.id,
        freeze_time: campaign.state.frozen()?.freeze_time,
    })
}

/// Judges every comparison of the year again.
async fn count(unit: &mut Unit, policy: &Policy, year: i32) -> Result<Simulation, Error> {
    let campaign = measured(unit.connection(), policy, year).await?;
    let trial = trial(policy, &campaign).ok_or(Refusal::YearNotMeasured { year })?;
    let mut simulation = trial.tally(unit.at());
    let mut after = None;
    loop {
        let controls = control::measured_of(unit.connection(), campaign.id, after, CHUNK).await?;
        let Some(last) = controls.last() else {
            return Ok(simulation);
        };
        after = Some(last.id.0);
        for control in &controls {
            simulation.contracts += 1;
            for compared in &control.comparisons {
                let judged = trial.judge(&compared.comparison);
                simulation.count(compared.comparison.severity, judged.severity);
            }
        }
    }
}

/// Lists the contracts for which something was raised, or would have been.
pub async fn list(
    db: &Db,
    call: &Call,
    request: pb::ListSimulatedContractsRequest,
) -> Result<pb::ListSimulatedContractsResponse, Error> {
    let id: PolicyId = convert::name("tolerance_policy", &request.tolerance_policy)?;
    let arguments = [request.tolerance_policy.as_str(), &request.year.to_string()];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let mut connection = db.pool().acquire().await?;
    let policy = tolerance_policy::find(&mut connection, id)
        .await?
        .filter(|policy| call.caller.sees(policy.region))
        .ok_or_else(|| Error::NotFound(id.to_string()))?;
    let campaign = measured(&mut connection, &policy, request.year).await?;
    let year = request.year;
    let trial = trial(&policy, &campaign).ok_or(Refusal::YearNotMeasured { year })?;
    let mut rows =
        control::measured_of(&mut connection, campaign.id, page.key(0)?, page.limit()).await?;
    let next_page_token = page.next(&mut rows, |row| vec![row.id.0.to_string()]);
    let contracts = rows
        .iter()
        .map(|control| pb::SimulatedContract {
            contract: control.contract.to_string(),
            control: control.id.to_string(),
            objectives: control
                .comparisons
                .iter()
                .filter_map(|compared| {
                    let recorded = &compared.comparison;
                    convert::policy::simulated_objective(recorded, &trial.judge(recorded))
                })
                .collect(),
        })
        .filter(|contract| !contract.objectives.is_empty())
        .collect();
    Ok(pb::ListSimulatedContractsResponse {
        contracts,
        next_page_token,
    })
}
