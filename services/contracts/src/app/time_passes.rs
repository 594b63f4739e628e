//! C8, C17 and C18: the clock brings signed contracts and amendments into effect, ends contracts whose last day is over,
//! and records that silence renewed.

use std::time::Duration;

use kernel::{Region, legal_time::legal_day};
use store::{By, Db, Error};
use time::{Date, OffsetDateTime};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{amendment_act::text_on, deadlines::follow, tasks};
use crate::{
    domain::{Task, TaskId, task::Kind},
    events::published,
    store as rows,
};

const PERIOD: Duration = Duration::from_secs(10);
/// Contracts of one unit of work.
const BATCH: i64 = 100;

/// Lets time pass until `stop`. Every replica runs this; each takes the contracts that no other has locked.
/// `machine` has the rights of a machine, which reach no further than these two transitions.
pub async fn run(machine: Db, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match once(&machine).await {
            Ok(0) => {}
            Ok(contracts) => info!(contracts, "contracts were moved by the passing of time"),
            Err(error) => warn!(%error, "time could not pass; it will at the next tick"),
        }
        tokio::select! {
            () = tokio::time::sleep(PERIOD) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Moves every contract that is due and returns how many were. Again at the same instant, it moves none.
pub async fn once(machine: &Db) -> Result<usize, Error> {
    let mut moved = 0;
    loop {
        let batch = batch(machine).await? + amendments(machine).await? + renewals(machine).await?;
        moved += batch;
        if batch == 0 {
            return Ok(moved);
        }
    }
}

async fn batch(machine: &Db) -> Result<usize, Error> {
    let now = machine.clock().now();
    let mut unit = machine.unit(By::service("contracts-clock", now)).await?;
    let due = rows::contract::lock_due(unit.connection(), &today(now), BATCH).await?;
    let ids: Vec<_> = due.iter().map(|contract| contract.id).collect();
    let successors = rows::renewal::successors(unit.connection(), &ids).await?;
    let mut moved = 0;
    for contract in due {
        let events = contract.pass_time(now, successors.get(&contract.id).copied());
        if events.is_empty() {
            continue;
        }
        let course = contract.course();
        let (after, facts) = published::contract(contract, &events, now)?;
        rows::contract::save_time(unit.connection(), &after).await?;
        unit.append(facts).await?;
        follow::contract(unit.connection(), (course, &after), None, now).await?;
        moved += 1;
    }
    unit.done().await?;
    Ok(moved)
}

/// Signed amendments take effect on their day.
async fn amendments(machine: &Db) -> Result<usize, Error> {
    let now = machine.clock().now();
    let mut unit = machine.unit(By::service("contracts-clock", now)).await?;
    let due = rows::amendment::lock_due(unit.connection(), &today(now), BATCH).await?;
    let mut moved = 0;
    for amendment in due {
        let Some(event) = amendment.pass_time(now) else {
            continue;
        };
        let contract = rows::contract::find(unit.connection(), amendment.contract)
            .await?
            .ok_or_else(|| Error::Inconsistent(format!("contract of {}", amendment.id)))?;
        let after = amendment.evolve(&event, now);
        let text = text_on(&mut unit, &contract, after.effect_date).await?;
        let consolidated = after.changes.apply(&text);
        rows::amendment::save_time(unit.connection(), &after).await?;
        let consolidated = Some((&consolidated, contract.last_day()));
        unit.append(vec![published::amendment(&after, &event, consolidated)?])
            .await?;
        // Steps of commitments come, move and go with it.
        follow::contract_again(unit.connection(), &contract, now).await?;
        moved += 1;
    }
    unit.done().await?;
    Ok(moved)
}

/// C17: the months of the agency have passed in silence and the law renews. A task asks a person to confirm the term.
async fn renewals(machine: &Db) -> Result<usize, Error> {
    let now = machine.clock().now();
    let mut unit = machine.unit(By::service("contracts-clock", now)).await?;
    let due = rows::renewal::lock_silent(unit.connection(), &today(now), BATCH).await?;
    let mut moved = 0;
    for renewal in due {
        let Some(after) = renewal.pass_time(now) else {
            continue;
        };
        rows::renewal::save_time(unit.connection(), &after).await?;
        unit.append(vec![published::renewal(&after)?]).await?;
        follow::changed(unit.connection(), &renewal.deadlines(), &after).await?;
        let task = Task {
            id: TaskId::generate(),
            region: after.region,
            contract: after.contract,
            kind: Kind::TacitRenewal,
            subject: after.id.to_string(),
            explanation: "Le silence de l’agence vaut renouvellement (CSP L6114-1) : confirmer la nouvelle échéance du contrat.".to_owned(),
            raised_at: now,
            done: None,
            version: 1,
        };
        tasks::raise_once(&mut unit, &task).await?;
        moved += 1;
    }
    unit.done().await?;
    Ok(moved)
}

/// The legal day of each region: they do not begin at the same instant.
fn today(now: OffsetDateTime) -> Vec<(Region, Date)> {
    Region::all()
        .map(|region| (region, legal_day(now, region)))
        .collect()
}
