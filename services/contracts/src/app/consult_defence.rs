//! C13: somebody of the agency records that the minister of defence was consulted before a termination (CSP L1435-3-1).

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{App, attachments};
use crate::{domain::procedure::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::ConsultDefenceRequest,
) -> Result<pb::Procedure, Error> {
    let mut act = opened!(procedure_act::ProcedureAct, app, call, request);
    let asked_on = convert::date("request_date", &request.request_date)?;
    let answer_by = convert::date("answer_due_date", &request.answer_due_date)?;
    let attachments = convert::attachments_from(request.attachments)?;
    attachments::require_kept(act.unit.connection(), &request.name, &attachments).await?;
    act.carry_out(
        call,
        HumanAct::ConsultDefence {
            asked_on,
            answer_by,
            letter: request.letter,
            attachments,
        },
    )
    .await
}
