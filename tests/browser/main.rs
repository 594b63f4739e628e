//! Journeys in a real browser: the portal, the four services and the development issuer over the synthetic region.
//!
//! `cargo dev test --browser` sets up Chromium and the packages, builds the programs and runs this target.

mod certified;
mod councils;
mod hands;
mod procedure;
mod region;
mod stack;
mod tariffs;
mod whole_life;

use std::{env, path::PathBuf, process::Command};

use anyhow::{Context as _, ensure};

use certified::Certified;
use hands::Hands;
use stack::Stack;

/// Longest run of all journeys.
const LIMIT: std::time::Duration = std::time::Duration::from_mins(35);

/// One browser at a time: pages are awaited for seconds, not for as long as another run needs.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

#[tokio::test(flavor = "multi_thread")]
async fn every_persona_goes_through_its_journey() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let modules = required("CPOM_TEST_NODE_MODULES")?;
    let stack = Stack::start().await?;
    stack.demonstrate().await?;
    councils::offer(stack.issuer_url()).await?;
    let certified = Certified::start(&stack.peers, &folder(), &modules).await?;
    let mut journeys = script("journeys.mjs", &stack)?;
    journeys
        .env("CPOM_TEST_OIDC", certified.told())
        .env("CPOM_TEST_ROUTES", routes());
    ended(journeys).await?;
    certified.stop().await;
    stack.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_contract_goes_from_its_draft_to_a_reviewed_finding() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let stack = Stack::start().await?;
    let ground = whole_life::prepare(stack.issuer_url(), &stack.peers).await?;
    let mut life = script("whole_life.mjs", &stack)?;
    life.env("CPOM_TEST_LIFE", ground.told());
    ended(life).await?;
    stack.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_procedure_goes_from_its_finding_to_its_appeals() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let stack = Stack::start_days_ago(procedure::DAYS_AGO).await?;
    let ground = procedure::prepare(&stack).await?;
    let hands = Hands::bind().await?;
    let mut walk = script("procedure.mjs", &stack)?;
    walk.env("CPOM_TEST_PROCEDURE", ground.told(&hands.url()?))
        .env("CPOM_TEST_ROUTES", routes());
    tokio::select! {
        walked = ended(walk) => walked?,
        failed = hands.serve(&stack) => failed?,
    }
    stack.stop().await;
    Ok(())
}

/// A script in Node.js, with what every journey is told.
fn script(name: &str, stack: &Stack) -> anyhow::Result<Command> {
    let mut script = Command::new("node");
    script
        .arg(folder().join(name))
        .env(
            "CPOM_TEST_NODE_MODULES",
            required("CPOM_TEST_NODE_MODULES")?,
        )
        .env("CPOM_TEST_CHROMIUM", required("CPOM_TEST_CHROMIUM")?)
        .env("CPOM_TEST_PORTAL_URL", &stack.portal_url)
        .env("CPOM_TEST_SCREENSHOTS", screenshots());
    Ok(script)
}

/// Runs a script to its end.
async fn ended(mut script: Command) -> anyhow::Result<()> {
    let run = tokio::task::spawn_blocking(move || script.status());
    let status = tokio::time::timeout(LIMIT, run).await???;
    eprintln!("screenshots: {}", screenshots().display());
    ensure!(status.success(), "some journeys failed: {status}");
    Ok(())
}

fn required(name: &str) -> anyhow::Result<String> {
    env::var(name).with_context(|| format!("{name} is not set: run `cargo dev test --browser`"))
}

/// Where the scripts are.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("browser")
}

/// The source that names every address of the portal: a page that no journey visits fails the run.
fn routes() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../services/portal/src/routes.rs")
}

/// Where the pictures of every page are kept.
fn screenshots() -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let root = root.parent().unwrap_or(&root);
    root.join(".cpom/screenshots")
}
