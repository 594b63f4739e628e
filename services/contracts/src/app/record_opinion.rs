//! Records what a consulted body said.

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
    request: pb::RecordOpinionRequest,
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
    let opinion = convert::opinion_from(&request)?;
    act.carry_out(Command::RecordOpinion(opinion), None).await
}
