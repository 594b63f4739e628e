//! Records what a consulted body said.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::{domain::contract::acts::Command, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::RecordOpinionRequest,
) -> Result<pb::Contract, Error> {
    let act = opened!(contract_act::ContractAct, app, call, request);
    let opinion = convert::opinion_from(&request)?;
    act.carry_out(Command::RecordOpinion(opinion), None).await
}
