//! C8 and C18: the clock brings signed contracts into force and ends those whose last day is over.

use std::time::Duration;

use kernel::{Region, legal_time::legal_day};
use store::{By, Db, Error};
use time::{Date, OffsetDateTime};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::{events::published, store as rows};

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
        let batch = batch(machine).await?;
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
    let mut moved = 0;
    for contract in due {
        let events = contract.pass_time(now);
        if events.is_empty() {
            continue;
        }
        let (after, facts) = published::contract(contract, &events, now)?;
        rows::contract::save_time(unit.connection(), &after).await?;
        unit.append(facts).await?;
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
