//! C13: somebody of the agency records what the minister of defence answered (CSP L1435-3-1).

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{App, attachments};
use crate::{domain::procedure::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::RecordDefenceAnswerRequest,
) -> Result<pb::Procedure, Error> {
    let mut act = opened!(procedure_act::ProcedureAct, app, call, request);
    let received_on = convert::date("receipt_date", &request.receipt_date)?;
    let text = convert::reasons("text", request.text)?;
    let continuity_until =
        convert::date_filter("continuity_end_date", &request.continuity_end_date)?;
    let attachments = convert::attachments_from(request.attachments)?;
    attachments::require_kept(act.unit.connection(), &request.name, &attachments).await?;
    act.carry_out(
        call,
        HumanAct::RecordDefenceAnswer {
            received_on,
            text,
            continuity_until,
            attachments,
        },
    )
    .await
}
