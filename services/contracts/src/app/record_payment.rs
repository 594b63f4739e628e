//! Money was received.

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
    request: pb::RecordPaymentRequest,
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
