//! Waiting for what travels between services.

use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::Instant;

use crate::retry::Backoff;

/// Longer than any event should take, short enough for a person to wait.
const PATIENCE: Duration = Duration::from_mins(2);

/// Asks `look` until it finds what is awaited. `look` says what is still lacking, for the message when
/// patience ends.
pub(super) async fn until<T>(
    awaited: &str,
    mut look: impl AsyncFnMut() -> Result<Result<T, String>>,
) -> Result<T> {
    let give_up = Instant::now() + PATIENCE;
    let mut backoff = Backoff::default();
    loop {
        let lacking = match look().await? {
            Ok(found) => return Ok(found),
            Err(lacking) => lacking,
        };
        if Instant::now() > give_up {
            bail!(
                "{awaited}: still waiting after {} s ({lacking})",
                PATIENCE.as_secs()
            );
        }
        tokio::time::sleep(backoff.pause(Duration::ZERO)).await;
    }
}
