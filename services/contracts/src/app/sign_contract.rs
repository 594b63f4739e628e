//! C6: one party signs. With the last signature the contract is signed, and in force if its day has come.

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
    request: pb::SignContractRequest,
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
    let command = Command::Sign {
        party: request
            .party
            .parse()
            .map_err(|e| Error::invalid("party", e))?,
        title: request.signatory_title,
        sha256: request
            .document_sha256
            .parse()
            .map_err(|e| Error::invalid("document_sha256", e))?,
    };
    act.carry_out(command, None).await
}
