//! P6: the decision is sent with its remedies.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{App, announce};
use crate::{domain::procedure::act::HumanAct, grpc::convert, store as rows};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::NotifyDecisionRequest,
) -> Result<pb::Procedure, Error> {
    let mut act = opened!(procedure_act::ProcedureAct, app, call, request);
    let channel = convert::channel_from(request.channel());
    let (kind, today) = (act.procedure.kind, act.today());
    let figures = rows::procedure::parameters(act.unit.connection(), kind, today).await?;
    let sent = act.sent("une décision");
    let consented = announce::send(&mut act.unit, &sent, channel, &act.legal_entities).await?;
    act.carry_out(
        call,
        HumanAct::NotifyDecision {
            channel,
            consented,
            months: figures.payment_months,
        },
    )
    .await
}
