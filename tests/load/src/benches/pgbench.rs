//! What the database alone does: a script by pgbench, at eight clients.

use std::{env, fs, path::PathBuf, process::Command};

use anyhow::Context as _;

/// Runs of a script a second. How long, and what else the script needs, are arguments of pgbench; `session` is what its sessions
/// set.
pub(super) fn runs_a_second(
    url: &str,
    script: &str,
    arguments: &[&str],
    session: &str,
) -> anyhow::Result<f64> {
    let file = env::temp_dir().join(format!("cpom-load-{}.sql", kernel::new_id().simple()));
    fs::write(&file, script)?;
    let mut command = Command::new(newest()?);
    command
        .args(["-n", "-M", "prepared", "-c", "8", "-j", "2"])
        .args(arguments)
        .arg("-f")
        .arg(&file)
        .arg(url.split('?').next().unwrap_or(url));
    if !session.is_empty() {
        command.env("PGOPTIONS", session);
    }
    let output = command.output()?;
    fs::remove_file(&file)?;
    let report = String::from_utf8_lossy(&output.stdout);
    report
        .lines()
        .find_map(|line| line.strip_prefix("tps = "))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|tps| tps.parse().ok())
        .with_context(|| format!("pgbench: {}", String::from_utf8_lossy(&output.stderr)))
}

/// The newest of those that are installed.
fn newest() -> anyhow::Result<PathBuf> {
    let installed = fs::read_dir("/usr/lib/postgresql").context("pgbench is not installed")?;
    let mut found: Vec<PathBuf> = installed
        .flatten()
        .map(|version| version.path().join("bin/pgbench"))
        .filter(|file| file.is_file())
        .collect();
    found.sort();
    found.pop().context("pgbench is not installed")
}
