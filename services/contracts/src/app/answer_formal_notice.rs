//! P2: the establishment answers in writing.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{
    App, Target, attachments,
    procedure_act::{Opened, ProcedureAct},
};
use crate::{domain::procedure::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::AnswerFormalNoticeRequest,
) -> Result<pb::Procedure, Error> {
    let target = Target {
        name: &request.name,
        etag: &request.etag,
        request_id: &request.request_id,
    };
    let mut act = match ProcedureAct::open(app, call, target, &request).await? {
        Opened::Replayed(reply) => return Ok(*reply),
        Opened::Fresh(act) => act,
    };
    let text = convert::reasons("text", request.text)?;
    let attachments = convert::attachments_from(request.attachments)?;
    attachments::require_kept(act.unit.connection(), &request.name, &attachments).await?;
    act.carry_out(call, HumanAct::Answer { text, attachments })
        .await
}
