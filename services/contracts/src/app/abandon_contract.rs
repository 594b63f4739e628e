//! C20: the agency gives up a contract that was never signed.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{
    App, Target,
    contract_act::{ContractAct, Opened},
};
use crate::{domain::contract::acts::Command, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::AbandonContractRequest,
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
    let reasons = convert::reasons("reasons", request.reasons)?;
    act.carry_out(Command::Abandon { reasons }, None).await
}
