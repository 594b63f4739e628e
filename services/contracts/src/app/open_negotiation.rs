//! C2: the draft goes to the other side.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{
    App, Target,
    contract_act::{ContractAct, Opened},
};
use crate::domain::contract::acts::Command;

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::OpenNegotiationRequest,
) -> Result<pb::Contract, Error> {
    let target = Target {
        name: &request.name,
        etag: &request.etag,
        request_id: &request.request_id,
    };
    let act = match ContractAct::open(app, call, target, &request).await? {
        Opened::Replayed(reply) => return Ok(*reply),
        Opened::Fresh(act) => act,
    };
    act.carry_out(Command::OpenNegotiation, None).await
}
