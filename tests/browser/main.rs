//! Journeys in a real browser: the portal, the four services and the development issuer over the synthetic region.
//!
//! `cargo dev test --browser` sets up Chromium and the packages, builds the programs and runs this target.

mod certified;
mod region;
mod scheme;
mod stack;

use std::{env, path::PathBuf, process::Command};

use anyhow::{Context as _, ensure};

use certified::Certified;
use stack::Stack;

/// Longest run of all journeys.
const LIMIT: std::time::Duration = std::time::Duration::from_mins(15);

#[tokio::test(flavor = "multi_thread")]
async fn every_persona_goes_through_its_journey() -> anyhow::Result<()> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("browser");
    let required = |name: &str| {
        env::var(name).with_context(|| format!("{name} is not set: run `cargo dev test --browser`"))
    };
    let (modules, chromium) = (
        required("CPOM_TEST_NODE_MODULES")?,
        required("CPOM_TEST_CHROMIUM")?,
    );
    let stack = Stack::start().await?;
    stack.demonstrate().await?;
    let certified = Certified::start(&stack.peers, &folder, &modules).await?;
    let mut journeys = Command::new("node");
    journeys
        .arg(folder.join("journeys.mjs"))
        .env("CPOM_TEST_NODE_MODULES", modules)
        .env("CPOM_TEST_CHROMIUM", chromium)
        .env("CPOM_TEST_PORTAL_URL", &stack.portal_url)
        .env("CPOM_TEST_OIDC", certified.told())
        .env("CPOM_TEST_ROUTES", routes())
        .env("CPOM_TEST_SCREENSHOTS", screenshots());
    let run = tokio::task::spawn_blocking(move || journeys.status());
    let status = tokio::time::timeout(LIMIT, run).await???;
    eprintln!("screenshots: {}", screenshots().display());
    ensure!(status.success(), "some journeys failed: {status}");
    certified.stop().await;
    stack.stop().await;
    Ok(())
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
