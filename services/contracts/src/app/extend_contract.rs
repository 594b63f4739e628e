//! The director general extends the term, where the regime allows it (prorogation).

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::{domain::contract::acts::Command, grpc::convert, store as rows};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::ExtendContractRequest,
) -> Result<pb::Contract, Error> {
    let mut act = opened!(contract_act::ContractAct, app, call, request);
    let last_day = convert::date("end_date", &request.end_date)?;
    let reasons = convert::reasons("reasons", request.reasons)?;
    let id = act.contract.id;
    let overlaps = if act.regime.mandatory {
        rows::perimeter::overlaps_until(act.unit.connection(), id, last_day).await?
    } else {
        Vec::new()
    };
    let command = Command::Extend {
        last_day,
        reasons,
        overlaps,
    };
    act.carry_out(command, None).await
}
