//! C4: one side agrees; with the second the text is stable and consultations begin.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{
    App, Target,
    contract_act::{ContractAct, Opened},
};
use crate::{domain::contract::acts::Command, store as rows};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::AgreeToVersionRequest,
) -> Result<pb::Contract, Error> {
    let target = Target {
        name: &request.name,
        etag: &request.etag,
        request_id: &request.request_id,
    };
    let mut act = match ContractAct::open(app, call, target, &request).await? {
        Opened::Replayed(reply) => return Ok(*reply),
        Opened::Fresh(act) => act,
    };
    let (id, text) = (act.contract.id, act.contract.text.clone());
    let overlaps = if act.regime.mandatory {
        rows::perimeter::overlaps(act.unit.connection(), &text, Some(id)).await?
    } else {
        Vec::new()
    };
    act.carry_out(Command::AgreeToVersion { overlaps }, None)
        .await
}
