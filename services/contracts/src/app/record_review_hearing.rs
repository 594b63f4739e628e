//! The minutes of a hearing: observations made orally (CRPA L122-1).

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{App, attachments};
use crate::{domain::review::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::RecordReviewHearingRequest,
) -> Result<pb::Review, Error> {
    let mut act = opened!(review_act::ReviewAct, app, call, request);
    let minutes = convert::minutes(
        &request.date,
        request.participants,
        request.minutes,
        request.attachments,
    )?;
    attachments::require_kept(act.unit.connection(), &request.name, &minutes.attachments).await?;
    act.carry_out(call, HumanAct::RecordHearing(minutes)).await
}
