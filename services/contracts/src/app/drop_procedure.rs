//! P4: the procedure ends without a sanction.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::{domain::procedure::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::DropProcedureRequest,
) -> Result<pb::Procedure, Error> {
    let act = opened!(procedure_act::ProcedureAct, app, call, request);
    let reasons = convert::reasons("reasons", request.reasons)?;
    act.carry_out(call, HumanAct::Drop { reasons }).await
}
