//! C2: the draft goes to the other side.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::domain::contract::acts::Command;

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::OpenNegotiationRequest,
) -> Result<pb::Contract, Error> {
    let act = opened!(contract_act::ContractAct, app, call, request);
    act.carry_out(Command::OpenNegotiation, None).await
}
