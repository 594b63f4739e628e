//! Follows a campaign until every control is measured.

use proto::controls::v1::{Campaign, CampaignState, WatchCampaignRequest};
use tokio::time::Instant;
use tonic::Status;

use crate::{
    client::Session,
    retry::{Backoff, PATIENCE},
};

/// Calls `seen` with each state of the campaign, and returns the last one, once every control is measured. A broken
/// stream is opened again after the state that was seen last, with pauses that double while nothing is told, until
/// there is no patience left.
pub async fn until_measured(
    session: &Session,
    name: &str,
    mut seen: impl FnMut(&Campaign),
) -> Result<Campaign, Status> {
    let mut last: Option<Campaign> = None;
    let mut backoff = Backoff::default();
    let mut give_up = Instant::now() + PATIENCE;
    loop {
        let request = WatchCampaignRequest {
            name: name.to_owned(),
            after: last
                .as_ref()
                .map(|campaign| campaign.position.clone())
                .unwrap_or_default(),
        };
        let watched = watch(session, request, |campaign| {
            backoff = Backoff::default();
            give_up = Instant::now() + PATIENCE;
            seen(&campaign);
            last = Some(campaign);
        });
        let broken = watched.await.err();
        // A stream that was only cut may look as if it had ended.
        if broken.is_none()
            && let Some(measured) = last.take_if(|last| is_measured(last))
        {
            return Ok(measured);
        }
        let status = broken.unwrap_or_else(|| {
            Status::unavailable("the stream of the campaign ended before it was measured")
        });
        backoff.wait(status, give_up).await?;
    }
}

/// What one stream tells, until it ends or breaks.
async fn watch(
    session: &Session,
    request: WatchCampaignRequest,
    mut told: impl FnMut(Campaign),
) -> Result<(), Status> {
    let mut states = session
        .campaigns()
        .watch_campaign(request)
        .await?
        .into_inner();
    while let Some(campaign) = states.message().await? {
        told(campaign);
    }
    Ok(())
}

fn is_measured(campaign: &Campaign) -> bool {
    matches!(
        campaign.state(),
        CampaignState::Measured | CampaignState::Shared | CampaignState::Closed
    )
}
