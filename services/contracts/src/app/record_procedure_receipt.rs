//! The receipt of the formal notice, then of the decision, is proven: delays run from there.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::{domain::procedure::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::RecordProcedureReceiptRequest,
) -> Result<pb::Procedure, Error> {
    let act = opened!(procedure_act::ProcedureAct, app, call, request);
    let claim = convert::claim(&request.receipt_date, request.proof)?;
    act.carry_out(call, HumanAct::RecordReceipt(claim)).await
}
