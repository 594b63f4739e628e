//! The examination is opened again: something changed after the conclusion, or a milestone is overdue.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::{domain::review::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::ReopenReviewRequest,
) -> Result<pb::Review, Error> {
    let act = opened!(review_act::ReviewAct, app, call, request);
    let reasons = convert::reasons("reasons", request.reasons)?;
    act.carry_out(call, HumanAct::Reopen { reasons }).await
}
