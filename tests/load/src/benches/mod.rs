//! One measurement a file.

pub(crate) mod campaign;
pub(crate) mod commands;
pub(crate) mod idle;
pub(crate) mod indicators;
pub(crate) mod latency;
pub(crate) mod proof;
mod statements;

use crate::figure::Figure;

const ROWS: u32 = 1_000_000;
const CONTRACTS: u32 = 800;
const CONTROLLED: u32 = 5_000;
const SECONDS: u32 = 10;
const EVENTS: u32 = 10_000_000;

/// Every figure, with the usual sizes.
pub(crate) async fn all() -> anyhow::Result<Vec<Figure>> {
    let mut figures = indicators::run(ROWS).await?;
    figures.extend(commands::run(CONTRACTS).await?);
    figures.extend(campaign::run(CONTROLLED).await?);
    figures.extend(latency::run(SECONDS).await?);
    figures.extend(proof::run(EVENTS, SECONDS).await?);
    figures.extend(idle::run().await?);
    Ok(figures)
}
