//! P3: as much time again to answer, once.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::{domain::procedure::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::ExtendFormalNoticeRequest,
) -> Result<pb::Procedure, Error> {
    let act = opened!(procedure_act::ProcedureAct, app, call, request);
    let reasons = convert::reasons("reasons", request.reasons)?;
    act.carry_out(call, HumanAct::Extend { reasons }).await
}
