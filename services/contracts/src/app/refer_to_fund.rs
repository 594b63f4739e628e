//! P7: the unpaid penalty is handed to the health-insurance fund (CSS L162-1-14, IV).

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::domain::procedure::act::HumanAct;

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::ReferToFundRequest,
) -> Result<pb::Procedure, Error> {
    let act = opened!(procedure_act::ProcedureAct, app, call, request);
    act.carry_out(call, HumanAct::Refer { fund: request.fund })
        .await
}
