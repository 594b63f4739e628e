//! C20: the agency gives up a contract that was never signed.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::{domain::contract::acts::Command, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::AbandonContractRequest,
) -> Result<pb::Contract, Error> {
    let act = opened!(contract_act::ContractAct, app, call, request);
    let reasons = convert::reasons("reasons", request.reasons)?;
    act.carry_out(Command::Abandon { reasons }, None).await
}
