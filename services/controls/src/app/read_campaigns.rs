//! Reading campaigns, and following one.

use std::time::Duration;

use ::store::Db;
use futures::{Stream, stream};
use proto::controls::v1 as pb;
use rpc::{Call, Error, Page};
use tokio_util::sync::CancellationToken;
use tonic::Status;

use super::visibility;
use crate::{domain::CampaignId, grpc::convert, store::campaign};

pub async fn get(
    db: &Db,
    call: &Call,
    request: pb::GetCampaignRequest,
) -> Result<pb::Campaign, Error> {
    read(db, call, &request.name).await
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

/// The campaign at once, then each time it has changed, until it is measured or `stop` is cancelled.
pub async fn watch(
    db: Db,
    call: Call,
    request: pb::WatchCampaignRequest,
    stop: CancellationToken,
) -> Result<impl Stream<Item = Result<pb::Campaign, Status>> + Send + use<>, Error> {
    let first = read(&db, &call, &request.name).await?;
    let watch = Watch {
        db,
        call,
        stop,
        last: None,
        next: Some(first),
    };
    Ok(stream::try_unfold(watch, Watch::step))
}

struct Watch {
    db: Db,
    call: Call,
    stop: CancellationToken,
    /// What the client was told last.
    last: Option<pb::Campaign>,
    next: Option<pb::Campaign>,
}

impl Watch {
    async fn step(mut self) -> Result<Option<(pb::Campaign, Self)>, Status> {
        loop {
            if let Some(campaign) = self
                .next
                .take()
                .filter(|next| Some(next) != self.last.as_ref())
            {
                self.last = Some(campaign.clone());
                return Ok(Some((campaign, self)));
            }
            let Some(last) = &self.last else {
                return Ok(None);
            };
            if matches!(
                last.state(),
                pb::CampaignState::Measured | pb::CampaignState::Closed
            ) {
                return Ok(None);
            }
            tokio::select! {
                () = tokio::time::sleep(POLL) => {}
                () = self.stop.cancelled() => {
                    return Err(Error::Unavailable("this replica of the service").into());
                }
            }
            self.next = Some(read(&self.db, &self.call, &last.name).await?);
        }
    }
}

async fn read(db: &Db, call: &Call, name: &str) -> Result<pb::Campaign, Error> {
    let id: CampaignId = convert::name("name", name)?;
    let recorded = campaign::find(db.pool(), id)
        .await?
        .filter(|recorded| call.caller.sees(recorded.campaign.region))
        .ok_or_else(|| Error::NotFound(name.to_owned()))?;
    let progress = campaign::progress(db.pool(), &[id]).await?;
    Ok(convert::campaign(
        &recorded,
        progress.get(&id).copied().unwrap_or_default(),
    ))
}
