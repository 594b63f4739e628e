//! P2: the minutes of a hearing.

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
    request: pb::RecordProcedureHearingRequest,
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
    let minutes = convert::minutes(
        &request.date,
        request.participants,
        request.minutes,
        request.attachments,
    )?;
    attachments::require_kept(act.unit.connection(), &request.name, &minutes.attachments).await?;
    act.carry_out(call, HumanAct::RecordHearing(minutes)).await
}
