//! The receipt of a notification is proven: the delay to answer runs from there.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::{domain::review::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::RecordReviewReceiptRequest,
) -> Result<pb::Review, Error> {
    let act = opened!(review_act::ReviewAct, app, call, request);
    let claim = convert::claim(&request.receipt_date, request.proof)?;
    act.carry_out(call, HumanAct::RecordReceipt(claim)).await
}
