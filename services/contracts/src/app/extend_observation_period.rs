//! The establishment gets as much time again to answer, once.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::{domain::review::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::ExtendObservationPeriodRequest,
) -> Result<pb::Review, Error> {
    let act = opened!(review_act::ReviewAct, app, call, request);
    let reasons = convert::reasons("reasons", request.reasons)?;
    act.carry_out(call, HumanAct::Extend { reasons }).await
}
