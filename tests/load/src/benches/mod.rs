//! One measurement a file.

pub(crate) mod campaign;
pub(crate) mod case_mix;
pub(crate) mod commands;
pub(crate) mod consolidated;
pub(crate) mod deadlines;
pub(crate) mod diff;
pub(crate) mod document;
mod foreign;
pub(crate) mod idle;
pub(crate) mod indicators;
pub(crate) mod latency;
mod many_contracts;
mod pgbench;
pub(crate) mod portal;
mod production;
pub(crate) mod proof;
pub(crate) mod published;
pub(crate) mod rates;
mod reading;
pub(crate) mod scale;
mod statements;
mod undecoded;

use crate::figure::Figure;

const ROWS: u32 = 1_000_000;
const CONTRACTS: u32 = 800;
const CONTROLLED: u32 = 5_000;
const SECONDS: u32 = 10;
const EVENTS: u32 = 10_000_000;
const CELLS: u32 = 10_000_000;
const AMENDED: u32 = 1_000;
const MANY: u32 = 20_000;
const TIMES: u32 = 300;
const PRINTED: u32 = 21;
const PAGES: u32 = 60;

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
    figures.extend(consolidated::run(AMENDED, SECONDS).await?);
    figures.extend(deadlines::run(MANY, SECONDS).await?);
    figures.extend(diff::run(TIMES).await?);
    figures.extend(scale::run(MANY, TIMES).await?);
    figures.extend(document::run(PRINTED).await?);
    figures.extend(portal::run(MANY, SECONDS, PAGES).await?);
    figures.extend(idle::run().await?);
    Ok(figures)
}
