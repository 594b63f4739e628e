//! C4: one side agrees; with the second the text is stable and consultations begin.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::{domain::contract::acts::Command, store as rows};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::AgreeToVersionRequest,
) -> Result<pb::Contract, Error> {
    let mut act = opened!(contract_act::ContractAct, app, call, request);
    let (id, text) = (act.contract.id, act.contract.text.clone());
    let overlaps = if act.regime.mandatory {
        rows::perimeter::overlaps(act.unit.connection(), &text, Some(id)).await?
    } else {
        Vec::new()
    };
    act.carry_out(Command::AgreeToVersion { overlaps }, None)
        .await
}
