//! P2: the establishment answers in writing.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{App, attachments};
use crate::{domain::procedure::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::AnswerFormalNoticeRequest,
) -> Result<pb::Procedure, Error> {
    let mut act = opened!(procedure_act::ProcedureAct, app, call, request);
    let text = convert::reasons("text", request.text)?;
    let attachments = convert::attachments_from(request.attachments)?;
    attachments::require_kept(act.unit.connection(), &request.name, &attachments).await?;
    act.carry_out(call, HumanAct::Answer { text, attachments })
        .await
}
