//! A person concludes with written reasons. No outcome has a legal effect by itself.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{
    App, Target,
    review_act::{Opened, ReviewAct},
};
use crate::{
    domain::{ProcedureId, review::human::HumanAct},
    grpc::convert,
};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::ConcludeReviewRequest,
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
    let outcome = convert::outcome_from("outcome", request.outcome())?;
    let reasons = convert::reasons("reasons", request.reasons)?;
    let procedure = ProcedureId::generate();
    act.carry_out(
        call,
        HumanAct::Conclude {
            outcome,
            reasons,
            procedure,
        },
    )
    .await
}
