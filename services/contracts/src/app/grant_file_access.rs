//! The agency communicates the file.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{
    App, Target,
    procedure_act::{Opened, ProcedureAct},
};
use crate::{domain::procedure::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::GrantFileAccessRequest,
) -> Result<pb::Procedure, Error> {
    let target = Target {
        name: &request.name,
        etag: &request.etag,
        request_id: &request.request_id,
    };
    let act = match ProcedureAct::open(app, call, target, &request).await? {
        Opened::Replayed(reply) => return Ok(*reply),
        Opened::Fresh(act) => act,
    };
    let documents = convert::reasons("documents", request.documents)?;
    act.carry_out(call, HumanAct::GrantFile { documents }).await
}
