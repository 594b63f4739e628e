//! The decision is challenged.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::{domain::procedure::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::FileAppealRequest,
) -> Result<pb::Procedure, Error> {
    let act = opened!(procedure_act::ProcedureAct, app, call, request);
    let kind = convert::appeal_kind_from(request.kind())?;
    let date = convert::date("date", &request.date)?;
    let grounds = convert::reasons("grounds", request.grounds)?;
    act.carry_out(
        call,
        HumanAct::FileAppeal {
            kind,
            date,
            grounds,
        },
    )
    .await
}
