//! A reviewer, who had no part in the campaign and did not notify, examines findings and observations.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::{domain::review::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::ExamineReviewRequest,
) -> Result<pb::Review, Error> {
    let act = opened!(review_act::ReviewAct, app, call, request);
    let recommended = convert::outcome_from("recommended_outcome", request.recommended_outcome())?;
    let analysis = convert::reasons("analysis", request.analysis)?;
    act.carry_out(
        call,
        HumanAct::Examine {
            analysis,
            recommended,
        },
    )
    .await
}
