//! The receipt of a notification is proven: the delay to answer runs from there.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{
    App, Target,
    review_act::{Opened, ReviewAct},
};
use crate::{domain::review::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::RecordReviewReceiptRequest,
) -> Result<pb::Review, Error> {
    let target = Target {
        name: &request.name,
        etag: &request.etag,
        request_id: &request.request_id,
    };
    let act = match ReviewAct::open(app, call, target, &request).await? {
        Opened::Replayed(reply) => return Ok(*reply),
        Opened::Fresh(act) => act,
    };
    let claim = convert::claim(&request.receipt_date, request.proof)?;
    act.carry_out(call, HumanAct::RecordReceipt(claim)).await
}
