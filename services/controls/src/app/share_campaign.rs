//! A person tells the parties the results: from then on establishments read theirs.

use ::store::Db;
use proto::controls::v1 as pb;
use rpc::{Call, Error};

use super::campaign_act::{Decided, act};
use crate::{domain::campaign::Command, grpc::convert, store::campaign::Act};

pub async fn run(
    db: &Db,
    call: &Call,
    request: pb::ShareCampaignRequest,
) -> Result<pb::Campaign, Error> {
    let by = call.human()?;
    let message = convert::reasons(&request.message)?;
    let command = call.command(&request.request_id, &request)?;
    let named = (request.name.as_str(), request.etag.as_str());
    act(db, call, (&command, named), |known| Decided {
        command: Command::Share {
            by: &by,
            message,
            at: call.at,
            progress: known.progress,
        },
        act: Act::Shared,
    })
    .await
}
