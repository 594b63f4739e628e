//! Follows a campaign until every control is measured.

use proto::controls::v1::{Campaign, CampaignState, WatchCampaignRequest};
use tokio::time::Instant;
use tonic::Status;

use crate::{
    client::Session,
    retry::{Backoff, PATIENCE, worth_repeating},
};

/// Calls `seen` with each state of the campaign, and returns the measured one. A broken stream is opened
/// again.
pub async fn until_measured(
    session: &Session,
    name: &str,
    mut seen: impl FnMut(&Campaign),
) -> Result<Campaign, Status> {
    let mut backoff = Backoff::default();
    let mut give_up = Instant::now() + PATIENCE;
    loop {
        let watched = watch(session, name, |campaign| {
            give_up = Instant::now() + PATIENCE;
            seen(campaign);
        })
        .await;
        let status = match watched {
            Ok(campaign) => return Ok(campaign),
            Err(status) => status,
        };
        let Some(suggested) = worth_repeating(&status) else {
            return Err(status);
        };
        let pause = backoff.pause(suggested);
        if Instant::now() + pause > give_up {
            return Err(status);
        }
        tokio::time::sleep(pause).await;
    }
}

async fn watch(
    session: &Session,
    name: &str,
    mut seen: impl FnMut(&Campaign),
) -> Result<Campaign, Status> {
    let request = WatchCampaignRequest {
        name: name.to_owned(),
    };
    let mut states = session
        .campaigns()
        .watch_campaign(request)
        .await?
        .into_inner();
    while let Some(campaign) = states.message().await? {
        seen(&campaign);
        if matches!(
            campaign.state(),
            CampaignState::Measured | CampaignState::Shared | CampaignState::Closed
        ) {
            return Ok(campaign);
        }
    }
    Err(Status::unavailable(
        "the stream of the campaign ended before it was measured",
    ))
}
