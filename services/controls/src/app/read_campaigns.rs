//! Reading campaigns, and following one.

use std::time::Duration;

use ::store::Db;
use futures::{Stream, stream};
use proto::controls::v1 as pb;
use rpc::{Call, Error, Page};
use tokio_util::sync::CancellationToken;
use tonic::Status;

use super::{campaign_actions, visibility};
use crate::{
    domain::{CampaignId, campaign::Progress},
    grpc::convert,
    store::campaign::{self, Recorded},
};

pub async fn get(
    db: &Db,
    call: &Call,
    request: pb::GetCampaignRequest,
) -> Result<pb::Campaign, Error> {
    let (recorded, progress) = find(db, call, &request.name).await?;
    let allowed_actions = campaign_actions::of(db, call, &recorded.campaign, progress).await?;
    Ok(pb::Campaign {
        allowed_actions,
        ..convert::campaign(&recorded, progress)
    })
}

pub async fn list(
    db: &Db,
    call: &Call,
    request: pb::ListCampaignsRequest,
) -> Result<pb::ListCampaignsResponse, Error> {
    let page = Page::read(request.page_size, &request.page_token, &[&request.region])?;
    let region = convert::given(&request.region);
    let visibility = visibility(&call.caller);
    let mut rows =
        campaign::list(db.pool(), &visibility, region, page.key(0)?, page.limit()).await?;
    let next_page_token = page.next(&mut rows, |row| vec![row.campaign.id.0.to_string()]);
    let ids: Vec<_> = rows.iter().map(|row| row.campaign.id).collect();
    let progress = campaign::progress(db.pool(), &ids).await?;
    let campaigns = rows
        .iter()
        .map(|row| {
            let progress = progress.get(&row.campaign.id).copied().unwrap_or_default();
            convert::campaign(row, progress)
        })
        .collect();
    Ok(pb::ListCampaignsResponse {
        campaigns,
        next_page_token,
    })
}

/// How often the row of a followed campaign is read.
const POLL: Duration = Duration::from_millis(250);

/// The campaign at once, unless the client has seen that state; then each time it has changed, until every control is
/// measured or `stop` is cancelled. Nothing is kept about the client: any replica goes on for another.
pub async fn watch(
    db: Db,
    call: Call,
    request: pb::WatchCampaignRequest,
    stop: CancellationToken,
) -> Result<impl Stream<Item = Result<pb::Campaign, Status>> + Send + use<>, Error> {
    let watch = Watch {
        present: Some(read(&db, &call, &request.name).await?),
        name: request.name,
        told: request.after,
        is_over: false,
        db,
        call,
        stop,
    };
    Ok(stream::try_unfold(watch, Watch::step))
}

struct Watch {
    db: Db,
    call: Call,
    stop: CancellationToken,
    name: String,
    /// What was read before the stream began.
    present: Option<pb::Campaign>,
    /// Position of what the client was told last, by this process or another.
    told: String,
    is_over: bool,
}

impl Watch {
    /// The next state that the client has not seen; None when there will be none.
    async fn step(mut self) -> Result<Option<(pb::Campaign, Self)>, Status> {
        while !self.is_over {
            let campaign = match self.present.take() {
                Some(campaign) => campaign,
                None => self.later().await?,
            };
            self.is_over = is_over(&campaign);
            if campaign.position != self.told {
                self.told.clone_from(&campaign.position);
                return Ok(Some((campaign, self)));
            }
        }
        Ok(None)
    }

    /// The campaign after a while.
    async fn later(&self) -> Result<pb::Campaign, Error> {
        tokio::select! {
            () = tokio::time::sleep(POLL) => read(&self.db, &self.call, &self.name).await,
            () = self.stop.cancelled() => Err(Error::Unavailable("this replica of the service")),
        }
    }
}

/// Whether nothing is left to measure: a contract that is listed late is measured though the others were.
fn is_over(campaign: &pb::Campaign) -> bool {
    let progress = campaign.progress.unwrap_or_default();
    match campaign.state() {
        pb::CampaignState::Closed => true,
        pb::CampaignState::Measured | pb::CampaignState::Shared => {
            progress.measured == progress.contracts
        }
        pb::CampaignState::Unspecified
        | pb::CampaignState::Planned
        | pb::CampaignState::Frozen
        | pb::CampaignState::Running => false,
    }
}

async fn read(db: &Db, call: &Call, name: &str) -> Result<pb::Campaign, Error> {
    let (recorded, progress) = find(db, call, name).await?;
    Ok(convert::campaign(&recorded, progress))
}

async fn find(db: &Db, call: &Call, name: &str) -> Result<(Recorded, Progress), Error> {
    let id: CampaignId = convert::name("name", name)?;
    let recorded = campaign::find(db.pool(), id)
        .await?
        .filter(|recorded| call.caller.sees(recorded.campaign.region))
        .ok_or_else(|| Error::NotFound(name.to_owned()))?;
    let progress = campaign::progress(db.pool(), &[id]).await?;
    let progress = progress.get(&id).copied().unwrap_or_default();
    Ok((recorded, progress))
}
