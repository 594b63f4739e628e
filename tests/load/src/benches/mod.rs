//! One measurement a file.

pub(crate) mod campaign;
pub(crate) mod case_mix;
pub(crate) mod commands;
mod foreign;
pub(crate) mod idle;
pub(crate) mod indicators;
pub(crate) mod latency;
mod production;
pub(crate) mod proof;
pub(crate) mod published;
pub(crate) mod rates;
mod statements;

use crate::figure::Figure;

const ROWS: u32 = 1_000_000;
const CONTRACTS: u32 = 800;
const CONTROLLED: u32 = 5_000;
const SECONDS: u32 = 10;
const EVENTS: u32 = 10_000_000;
const CELLS: u32 = 10_000_000;

/// Every figure, with the usual sizes.
pub(crate) async fn all() -> anyhow::Result<Vec<Figure>> {
    let mut figures = indicators::run(ROWS).await?;
    figures.extend(commands::run(CONTRACTS).await?);
    figures.extend(campaign::run(CONTROLLED).await?);
    figures.extend(latency::run(SECONDS).await?);
    figures.extend(proof::run(EVENTS, SECONDS).await?);
    figures.extend(case_mix::run(CELLS).await?);
    figures.extend(rates::run(CELLS).await?);
    figures.extend(published::run(SECONDS).await?);
    figures.extend(idle::run().await?);
    Ok(figures)
}
