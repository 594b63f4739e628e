//! Reading at eight clients for some seconds, through the service and with pgbench.

use std::{
    env, fs,
    future::Future,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::commands::find_pgbench;
use crate::statistics::rate;

pub(super) const CLIENTS: u32 = 8;

/// Calls a second that eight clients get answered; each is told its number and how many it has made.
pub(super) async fn calls<Calling>(
    seconds: u32,
    call: impl Fn(u32, u32) -> Calling + Copy,
) -> anyhow::Result<f64>
where
    Calling: Future<Output = anyhow::Result<()>>,
{
    let begin = Instant::now();
    let end = begin + Duration::from_secs(seconds.into());
    let made: u32 = stream::iter(0..CLIENTS)
        .map(|client| async move {
            let mut made = 0;
            while Instant::now() < end {
                call(client, made).await?;
                made += 1;
            }
            anyhow::Ok(made)
        })
        .buffer_unordered(usize::try_from(CLIENTS)?)
        .try_fold(0, |sum, made| async move { Ok(sum + made) })
        .await?;
    Ok(rate(made, begin.elapsed()))
}

/// Runs of a script a second, by pgbench with as many clients, as the role of the service.
pub(super) fn pgbench(url: &str, script: &str, seconds: u32) -> anyhow::Result<f64> {
    let file = env::temp_dir().join(format!("cpom-load-{}.sql", kernel::new_id().simple()));
    fs::write(&file, script)?;
    let output = Command::new(find_pgbench()?)
        .args(["-n", "-M", "prepared", "-j", "2"])
        .args(["-c", &CLIENTS.to_string(), "-T", &seconds.to_string(), "-f"])
        .arg(&file)
        .arg(url.split('?').next().unwrap_or(url))
        .env("PGOPTIONS", "-c role=cpom_app")
        .output()?;
    fs::remove_file(&file)?;
    let report = String::from_utf8_lossy(&output.stdout);
    report
        .lines()
        .find_map(|line| line.strip_prefix("tps = "))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|tps| tps.parse().ok())
        .with_context(|| format!("pgbench: {}", String::from_utf8_lossy(&output.stderr)))
}
