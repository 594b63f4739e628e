//! A procedure is proposed against an entity that refuses to sign its contract (CASF L313-12, IV ter).

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{App, review_act, scope};
use crate::{
    domain::{
        ContractId, ProcedureId, Refusal,
        denial::Denial,
        procedure::human::{Circumstances, propose_refusal},
    },
    grpc::convert,
    store as rows,
};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::ProposeRefusalProcedureRequest,
) -> Result<pb::Procedure, Error> {
    let (person, mut unit) = claim!(app, call, request);
    let id: ContractId = convert::name("contract", &request.contract)?;
    let reasons = convert::reasons("reasons", request.reasons)?;
    let contract = rows::contract::lock(unit.connection(), id)
        .await?
        .filter(|contract| scope::sees(call, contract.region, []))
        .ok_or_else(|| Error::NotFound(request.contract.clone()))?;
    let regime = contract.legal_regime.clone();
    if !rows::procedure::penalises_refusal(unit.connection(), &regime).await? {
        return Err(Refusal::from(Denial::RefusalNotPenalised { regime }).into());
    }
    if rows::procedure::has_refusal(unit.connection(), id).await? {
        return Err(Refusal::from(Denial::RefusalAlreadyProposed).into());
    }
    let at = unit.at();
    let procedure = propose_refusal(ProcedureId::generate(), &contract, reasons, &person, at)?;
    review_act::propose(&mut unit, &procedure).await?;
    let legal_entities = rows::review::parties(unit.connection(), id).await?;
    let mandates = scope::mandates(unit.connection(), &person, procedure.region).await?;
    let circumstances = Circumstances {
        legal_entities: &legal_entities,
        ground: None,
        defence: false,
        mandates: &mandates,
        now: at,
    };
    let actions = procedure.allowed_actions(Some(&person), &circumstances);
    let reply = convert::procedure(&procedure, scope::side(call), &actions, at);
    unit.commit(&reply).await?;
    Ok(reply)
}
