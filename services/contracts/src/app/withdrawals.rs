//! A member leaves the single contract of its group (CSP R6132-19-3): its notice, and the terms of the director general.

use kernel::legal_time::legal_day;
use proto::contracts::v1 as pb;
use rpc::{Call, Error, etag};
use store::constraint;

use super::{App, contract_act, deadlines::follow, read_contracts};
use crate::{
    domain::{
        Refusal, WithdrawalId,
        withdrawal::{Wanted, notify},
    },
    events::published,
    grpc::convert,
    store as rows,
};

/// The member gives notice.
pub async fn give_notice(
    app: &App,
    call: &Call,
    request: pb::GiveWithdrawalNoticeRequest,
) -> Result<pb::Withdrawal, Error> {
    let (person, mut unit) = claim!(app, call, request);
    let contract = contract_act::lock(&mut unit, call, &request.contract).await?;
    let required = || Error::invalid("legal_entity", "must be legalEntities/{finess}");
    let finess = request.legal_entity.strip_prefix("legalEntities/");
    let entity = convert::name("legal_entity", finess.ok_or_else(required)?)?;
    let reasons = convert::reasons("reasons", request.reasons)?;
    let at = unit.at();
    let today = legal_day(at, contract.region);
    let rule = rows::withdrawal::rule(unit.connection(), today).await?;
    let id = WithdrawalId::generate();
    let withdrawal = notify(id, &contract, &rule, (entity, reasons), &person, at)?;
    if let Err(error) = rows::withdrawal::insert(unit.connection(), &withdrawal).await {
        if constraint(&error) == Some(rows::withdrawal::ONE_STANDS) {
            return Err(Refusal::WithdrawalStands.into());
        }
        return Err(error.into());
    }
    unit.append(vec![published::withdrawal(&withdrawal)?])
        .await?;
    follow::changed(unit.connection(), &[], &withdrawal).await?;
    let reply = convert::withdrawal(&withdrawal);
    unit.commit(&reply).await?;
    Ok(reply)
}

/// The director general sets the terms.
pub async fn set_terms(
    app: &App,
    call: &Call,
    request: pb::SetWithdrawalTermsRequest,
) -> Result<pb::Withdrawal, Error> {
    let (person, mut unit) = claim!(app, call, request);
    let id: WithdrawalId = convert::name("name", &request.name)?;
    let before = rows::withdrawal::lock(unit.connection(), id)
        .await?
        .filter(|withdrawal| call.caller.sees(withdrawal.region))
        .ok_or_else(|| Error::NotFound(request.name.clone()))?;
    etag::check_telling(&mut unit, &before.id, &request.etag, before.version).await?;
    let contract = contract_act::lock(&mut unit, call, &before.contract.to_string()).await?;
    let wanted = Wanted {
        effect_date: convert::date("effect_date", &request.effect_date)?,
        others_go_on: request.others_go_on,
        text: convert::reasons("terms", request.terms)?,
        reasons: convert::reasons("reasons", request.reasons)?,
    };
    let due_before = before.deadlines();
    let after = before.set_terms(wanted, &contract, &person, unit.at())?;
    rows::withdrawal::save(unit.connection(), &after).await?;
    unit.append(vec![published::withdrawal(&after)?]).await?;
    follow::changed(unit.connection(), &due_before, &after).await?;
    let reply = convert::withdrawal(&after);
    unit.commit(&reply).await?;
    Ok(reply)
}

/// One withdrawal, to who reads its contract.
pub async fn get(
    app: &App,
    call: &Call,
    request: pb::GetWithdrawalRequest,
) -> Result<pb::Withdrawal, Error> {
    let id: WithdrawalId = convert::name("name", &request.name)?;
    let mut connection = app.db.pool().acquire().await?;
    let withdrawal = rows::withdrawal::find(&mut connection, id)
        .await?
        .ok_or_else(|| Error::NotFound(request.name.clone()))?;
    drop(connection);
    read_contracts::find(app, call, &withdrawal.contract.to_string()).await?;
    Ok(convert::withdrawal(&withdrawal))
}

/// The withdrawals from a contract.
pub async fn list(
    app: &App,
    call: &Call,
    request: pb::ListWithdrawalsRequest,
) -> Result<pb::ListWithdrawalsResponse, Error> {
    let contract = read_contracts::find(app, call, &request.contract).await?;
    let mut connection = app.db.pool().acquire().await?;
    let withdrawals = rows::withdrawal::of_contract(&mut connection, contract.id).await?;
    Ok(pb::ListWithdrawalsResponse {
        withdrawals: withdrawals.iter().map(convert::withdrawal).collect(),
    })
}
