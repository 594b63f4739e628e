//! An appeal ended.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::{domain::procedure::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::RecordAppealOutcomeRequest,
) -> Result<pb::Procedure, Error> {
    let act = opened!(procedure_act::ProcedureAct, app, call, request);
    let rank = usize::try_from(request.rank).unwrap_or_default();
    let reduced = convert::euros_from("reduced_amount_eur", &request.reduced_amount_eur)?;
    let outcome = convert::appeal_outcome_from(request.outcome(), reduced)?;
    let date = convert::date("date", &request.date)?;
    let reasons = convert::reasons("reasons", request.reasons)?;
    act.carry_out(
        call,
        HumanAct::EndAppeal {
            rank,
            outcome,
            date,
            reasons,
        },
    )
    .await
}
