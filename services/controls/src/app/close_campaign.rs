//! A person closes a campaign whose results were shared, whose observations were read and whose missions are over.

use ::store::Db;
use proto::controls::v1 as pb;
use rpc::{Call, Error};

use super::campaign_act::{Decided, act};
use crate::{domain::campaign::Command, store::campaign::Act};

pub async fn run(
    db: &Db,
    call: &Call,
    request: pb::CloseCampaignRequest,
) -> Result<pb::Campaign, Error> {
    let by = call.human()?;
    let command = call.command(&request.request_id, &request)?;
    let named = (request.name.as_str(), request.etag.as_str());
    act(db, call, (&command, named), |known| Decided {
        command: Command::Close {
            by: &by,
            progress: known.progress,
            outstanding: known.outstanding,
        },
        act: |_| Act::Other,
    })
    .await
}
