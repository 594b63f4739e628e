//! The establishment asks for its file (CRPA L122-2).

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::domain::procedure::act::HumanAct;

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::RequestFileAccessRequest,
) -> Result<pb::Procedure, Error> {
    let act = opened!(procedure_act::ProcedureAct, app, call, request);
    act.carry_out(call, HumanAct::RequestFile).await
}
