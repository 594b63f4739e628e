//! P7: the unpaid penalty is handed to the health-insurance fund (CSS L162-1-14, IV).

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{
    App, Target,
    procedure_act::{Opened, ProcedureAct},
};
use crate::domain::procedure::act::HumanAct;

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::ReferToFundRequest,
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
    act.carry_out(call, HumanAct::Refer { fund: request.fund })
        .await
}
