//! The agency communicates the file.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::{domain::procedure::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::GrantFileAccessRequest,
) -> Result<pb::Procedure, Error> {
    let act = opened!(procedure_act::ProcedureAct, app, call, request);
    let documents = convert::reasons("documents", request.documents)?;
    act.carry_out(call, HumanAct::GrantFile { documents }).await
}
