//! The whole loop, once, through the public APIs only: registry, contracts, targets, signatures,
//! indicators, campaigns, findings, reviews, and the human acts on one review; then what the region plans
//! beside its contracts.
//!
//! What is to be done is a [`Plan`], computed without asking anybody. Every step looks at what stands
//! first and every request has an identifier that follows from the plan, so that the demonstration can be
//! run again, or resumed, without doubling anything.

mod campaigns;
mod contracts;
mod indicators;
mod personas;
pub mod plan;
pub mod planning;
pub mod published;
mod registry;
pub mod report;
mod review;
pub mod synthetic;
mod territories;
mod waiting;

use std::{path::PathBuf, time::Instant};

use anyhow::{Context, Result};
use kernel::Region;

use crate::{
    client::Suite,
    request_id,
    stack::{Service, Stack},
    token::IssuerClient,
};
use personas::Personas;
use plan::Plan;
use report::Report;

/// What region to run the loop on.
#[derive(Debug, Clone)]
pub enum Source {
    /// Generated from a seed.
    Synthetic { seed: u64 },
    /// Published files, in a folder with `registry/` and `activity/`.
    Published { folder: PathBuf, region: Region },
}

/// Conversations held at the same time.
const CONCURRENCY: usize = 8;

/// Plans the demonstration of a region, runs it and reads back what came of it.
pub async fn run(stack: &Stack, source: Source) -> Result<Report> {
    let begin = Instant::now();
    let plan = tokio::task::spawn_blocking(move || match source {
        Source::Synthetic { seed } => Ok(synthetic::plan(seed)),
        Source::Published { folder, region } => published::plan(&folder, region),
    })
    .await??;
    let mut report = Box::pin(carry_out(stack, plan)).await?;
    report.elapsed_seconds = (begin.elapsed().as_secs_f64() * 1_000.0).round() / 1_000.0;
    Ok(report)
}

/// Runs the loop of a plan, carries its planning out, and reads back what came of both.
pub async fn carry_out(stack: &Stack, plan: Plan) -> Result<Report> {
    let suite = Suite::connect(stack, &Service::ALL).await?;
    let personas = Personas::new(suite, IssuerClient::of(stack)?, plan.region).await?;
    let demo = Demo { personas, plan };
    let entities: Vec<_> = demo
        .plan
        .contracts
        .iter()
        .map(|planned| planned.legal_entity)
        .collect();
    demo.personas.offer_directors(&entities).await?;
    let import = demo.import_registry().await?;
    demo.import_territories().await?;
    let contracts = demo.bring_contracts_into_force().await?;
    demo.submit_indicators().await?;
    let campaigns = demo.run_campaigns(&contracts).await?;
    demo.wait_for_reviews(&campaigns).await?;
    let review = demo.conduct_one_review(&campaigns).await?;
    Box::pin(demo.plan_region()).await.context("planning")?;
    demo.read_back(&campaigns, import, review).await
}

/// The loop while it runs.
struct Demo {
    personas: Personas,
    plan: Plan,
}

impl Demo {
    /// The identifier of a request: the same each time that the same thing is asked in the same state.
    fn request_id(&self, parts: &[&str]) -> String {
        let mut all = vec!["demo", self.plan.scope.as_str()];
        all.extend(parts);
        request_id::derived(&all).to_string()
    }
}
