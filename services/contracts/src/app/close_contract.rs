//! C19: a contract that has ended is closed once its final evaluation is concluded.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::{domain::contract::acts::Command, grpc::convert, store as rows};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::CloseContractRequest,
) -> Result<pb::Contract, Error> {
    let mut act = opened!(contract_act::ContractAct, app, call, request);
    let reasons = convert::reasons("reasons", request.reasons)?;
    let id = act.contract.id;
    let evaluated = rows::evaluation::final_is_concluded(act.unit.connection(), id).await?;
    act.carry_out(Command::Close { reasons, evaluated }, None)
        .await
}
