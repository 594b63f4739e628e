//! P2: the minutes of a hearing.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{App, attachments};
use crate::{domain::procedure::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::RecordProcedureHearingRequest,
) -> Result<pb::Procedure, Error> {
    let mut act = opened!(procedure_act::ProcedureAct, app, call, request);
    let minutes = convert::minutes(
        &request.date,
        request.participants,
        request.minutes,
        request.attachments,
    )?;
    attachments::require_kept(act.unit.connection(), &request.name, &minutes.attachments).await?;
    act.carry_out(call, HumanAct::RecordHearing(minutes)).await
}
