//! P1: the director general gives formal notice to answer.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{App, announce};
use crate::{domain::procedure::act::HumanAct, grpc::convert, store as rows};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::SendFormalNoticeRequest,
) -> Result<pb::Procedure, Error> {
    let mut act = opened!(procedure_act::ProcedureAct, app, call, request);
    let channel = convert::channel_from(request.channel());
    let reasons = convert::reasons("reasons", request.reasons)?;
    let measures = convert::reasons("measures", request.measures)?;
    let (kind, today) = (act.procedure.kind, act.today());
    let figures = rows::procedure::parameters(act.unit.connection(), kind, today).await?;
    let sent = act.sent("une mise en demeure");
    let consented = announce::send(&mut act.unit, &sent, channel, &act.legal_entities).await?;
    act.carry_out(
        call,
        HumanAct::SendNotice {
            reasons,
            measures,
            channel,
            consented,
            months: figures.notice_months,
        },
    )
    .await
}
