//! A person starts measuring a campaign whose data are frozen. The worker measures afterwards.

use ::store::Db;
use proto::controls::v1 as pb;
use rpc::{Call, Error};

use super::campaign_act::{Decided, act};
use crate::{domain::campaign::Command, store::campaign::Act};

pub async fn run(
    db: &Db,
    call: &Call,
    request: pb::StartCampaignRequest,
) -> Result<pb::Campaign, Error> {
    let by = call.human()?;
    let command = call.command(&request.request_id, &request)?;
    let named = (request.name.as_str(), request.etag.as_str());
    act(db, call, (&command, named), |_| Decided {
        command: Command::Start { by: &by },
        act: |event| Act::Started(event, by.actor().clone()),
    })
    .await
}
