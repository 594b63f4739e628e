//! What people and machines do in the life of a contract, through the public interface alone.

mod campaigns;
mod contracts;
mod histories;
mod indicators;
mod registry;
mod reviews;
mod trace;

use std::{future::Future, time::Duration};

use kernel::Region;
use tonic::{Response, Status};
use tonic_types::StatusExt as _;

use crate::suite::{PATIENCE, People, Suite};

pub use contracts::{CONSULTATION, EFFECT_DATE, END_DATE, YEAR, text};
pub use histories::Recorded;
pub use indicators::{Submission, devices, stays};
pub use registry::{Entity, Registry};
pub use trace::Trace;

/// A region whose people work with a suite.
#[derive(Debug, Clone, Copy)]
pub struct Scenario<'a> {
    pub suite: &'a Suite,
    pub people: People,
}

impl<'a> Scenario<'a> {
    /// In Provence-Alpes-Côte d’Azur; the establishments are made up.
    pub fn new(suite: &'a Suite) -> anyhow::Result<Self> {
        let region: Region = "93".parse()?;
        Ok(Self {
            suite,
            people: People { region },
        })
    }
}

/// Repeats a call while the answer says that trying again will help (`RetryInfo`), as a client should.
pub async fn patiently<T, Calling>(mut call: impl FnMut() -> Calling) -> Result<T, Status>
where
    Calling: Future<Output = Result<Response<T>, Status>>,
{
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        match call().await {
            Ok(response) => return Ok(response.into_inner()),
            Err(status) => {
                let is_late = tokio::time::Instant::now() > deadline;
                let Some(delay) = retry_delay(&status).filter(|_| !is_late) else {
                    return Err(status);
                };
                tokio::time::sleep(delay).await;
            }
        }
    }
}

/// How long to wait before the same call may succeed; none when it will not. A connection that broke carries
/// no details: the service is away.
fn retry_delay(status: &Status) -> Option<Duration> {
    let told = status
        .get_details_retry_info()
        .and_then(|info| info.retry_delay);
    let is_away = status.code() == tonic::Code::Unavailable;
    told.or(is_away.then_some(Duration::from_millis(100)))
}

/// Looks every 50 ms until `probe` gives something.
pub async fn wait_for<T, Probing>(
    what: &str,
    mut probe: impl FnMut() -> Probing,
) -> anyhow::Result<T>
where
    Probing: Future<Output = anyhow::Result<Option<T>>>,
{
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        if let Some(found) = probe().await? {
            return Ok(found);
        }
        anyhow::ensure!(
            tokio::time::Instant::now() < deadline,
            "it did not happen in time: {what}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
