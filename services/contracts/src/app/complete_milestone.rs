//! The agency takes note that a milestone of the action plan is reached.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::{domain::review::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::CompleteMilestoneRequest,
) -> Result<pb::Review, Error> {
    let act = opened!(review_act::ReviewAct, app, call, request);
    let rank = usize::try_from(request.rank).unwrap_or_default();
    let note = convert::reasons("note", request.note)?;
    act.carry_out(call, HumanAct::CompleteMilestone { rank, note })
        .await
}
