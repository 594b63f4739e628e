//! Money was received.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::{domain::procedure::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::RecordPaymentRequest,
) -> Result<pb::Procedure, Error> {
    let act = opened!(procedure_act::ProcedureAct, app, call, request);
    let amount = convert::euros_from("amount_eur", &request.amount_eur)?.unwrap_or_default();
    let date = convert::date("date", &request.date)?;
    act.carry_out(
        call,
        HumanAct::RecordPayment {
            amount,
            date,
            reference: request.reference,
        },
    )
    .await
}
