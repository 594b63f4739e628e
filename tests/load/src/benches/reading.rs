//! Reading at eight clients for some seconds, through the service and with pgbench.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::pgbench::runs_a_second;
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
    let seconds = seconds.to_string();
    runs_a_second(url, script, &["-T", &seconds], "-c role=cpom_app")
}
