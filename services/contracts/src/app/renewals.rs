//! Renewals: asked for, answered by a person, or by silence.

use proto::contracts::v1 as pb;
use rpc::{Call, Error, etag};
use store::{Begun, constraint};

use super::{App, contract_act, deadlines::follow, read_contracts, scope};
use crate::{
    domain::{
        Contract, ContractId, Refusal, RenewalId,
        contract::{Event as ContractEvent, TermBasis},
        perimeter::check_overlaps,
        renewal::{self, Answer, State},
    },
    events::published,
    grpc::convert,
    store as rows,
};

/// C14: the holder asks.
pub async fn request(
    app: &App,
    call: &Call,
    request: pb::RequestRenewalRequest,
) -> Result<pb::Renewal, Error> {
    let (person, mut unit) = claim!(app, call, request);
    let contract = contract_act::lock(&mut unit, call, &request.contract).await?;
    let regime = rows::regime::of_code(unit.connection(), &contract.legal_regime).await?;
    let why = convert::reasons("request", request.request)?;
    let id = RenewalId::generate();
    let renewal = renewal::request(id, &contract, &regime, why, &person, unit.at())?;
    if let Err(error) = rows::renewal::insert(unit.connection(), &renewal).await {
        if constraint(&error) == Some(rows::renewal::ONE_STANDS) {
            return Err(Refusal::RenewalStands.into());
        }
        return Err(error.into());
    }
    unit.append(vec![published::renewal(&renewal)?]).await?;
    follow::changed(unit.connection(), &[], &renewal).await?;
    let now = unit.at();
    follow::contract_again(unit.connection(), &contract, now).await?;
    let reply = convert::renewal(&renewal);
    unit.commit(&reply).await?;
    Ok(reply)
}

/// C15.
pub async fn grant(
    app: &App,
    call: &Call,
    request: pb::GrantRenewalRequest,
) -> Result<pb::Renewal, Error> {
    let given = Given {
        name: request.name.clone(),
        etag: request.etag.clone(),
        request_id: request.request_id.clone(),
        reasons: request.reasons.clone(),
    };
    let successor = read_contracts::find(app, call, &request.successor).await?;
    let answer = Answer::Grant {
        successor: Box::new(successor),
    };
    decide(app, call, &request, given, answer).await
}

/// C16.
pub async fn refuse(
    app: &App,
    call: &Call,
    request: pb::RefuseRenewalRequest,
) -> Result<pb::Renewal, Error> {
    let given = Given {
        name: request.name.clone(),
        etag: request.etag.clone(),
        request_id: request.request_id.clone(),
        reasons: request.reasons.clone(),
    };
    decide(app, call, &request, given, Answer::Refuse).await
}

/// C17: a person confirms the term of a tacit renewal; the contract goes on until its new last day.
pub async fn confirm_tacit(
    app: &App,
    call: &Call,
    request: pb::ConfirmTacitRenewalRequest,
) -> Result<pb::Renewal, Error> {
    let given = Given {
        name: request.name.clone(),
        etag: request.etag.clone(),
        request_id: request.request_id.clone(),
        reasons: request.reasons.clone(),
    };
    let end_date = convert::date("end_date", &request.end_date)?;
    decide(
        app,
        call,
        &request,
        given,
        Answer::ConfirmTacit { end_date },
    )
    .await
}

struct Given {
    name: String,
    etag: String,
    request_id: String,
    reasons: String,
}

async fn decide(
    app: &App,
    call: &Call,
    request: &impl prost::Message,
    given: Given,
    answer: Answer,
) -> Result<pb::Renewal, Error> {
    let person = scope::acting(call)?;
    let mut unit = match app
        .db
        .command(&call.command(&given.request_id, request)?)
        .await?
    {
        Begun::Replayed(reply) => return Ok(reply),
        Begun::Fresh(unit) => unit,
    };
    let id: RenewalId = convert::name("name", &given.name)?;
    let before = rows::renewal::lock(unit.connection(), id)
        .await?
        .filter(|renewal| call.caller.sees(renewal.region))
        .ok_or_else(|| Error::NotFound(given.name.clone()))?;
    etag::check_telling(&mut unit, &before.id, &given.etag, before.version).await?;
    let contract = contract_act::lock(&mut unit, call, &before.contract.to_string()).await?;
    let reasons = convert::reasons("reasons", given.reasons)?;
    let at = unit.at();
    let due_before = before.deadlines();
    let after = before.answer(answer, reasons, &contract, &person, at)?;
    rows::renewal::save(unit.connection(), &after).await?;
    unit.append(vec![published::renewal(&after)?]).await?;
    follow::changed(unit.connection(), &due_before, &after).await?;
    if let State::TacitConfirmed {
        new_end_date,
        decision,
    } = &after.state
    {
        let (id, last_day) = (contract.id, *new_end_date);
        let connection = unit.connection();
        check_overlaps(&rows::perimeter::overlaps_until(connection, id, last_day).await?)?;
        let extended = ContractEvent::TermExtended {
            last_day,
            basis: TermBasis::TacitRenewal,
            reasons: decision.reasons.clone(),
        };
        let author = person.human().actor();
        contract_act::apply(&mut unit, contract, &[extended], author).await?;
    }
    let reply = convert::renewal(&after);
    unit.commit(&reply).await?;
    Ok(reply)
}

/// One renewal.
pub async fn get(
    app: &App,
    call: &Call,
    request: pb::GetRenewalRequest,
) -> Result<pb::Renewal, Error> {
    let id: RenewalId = convert::name("name", &request.name)?;
    let mut connection = app.db.pool().acquire().await?;
    let renewal = rows::renewal::find(&mut connection, id)
        .await?
        .ok_or_else(|| Error::NotFound(request.name.clone()))?;
    visible(app, call, renewal.contract).await?;
    Ok(convert::renewal(&renewal))
}

/// The renewals of a contract.
pub async fn list(
    app: &App,
    call: &Call,
    request: pb::ListRenewalsRequest,
) -> Result<pb::ListRenewalsResponse, Error> {
    let contract = read_contracts::find(app, call, &request.contract).await?;
    let mut connection = app.db.pool().acquire().await?;
    let renewals = rows::renewal::of_contract(&mut connection, contract.id).await?;
    Ok(pb::ListRenewalsResponse {
        renewals: renewals.iter().map(convert::renewal).collect(),
    })
}

async fn visible(app: &App, call: &Call, contract: ContractId) -> Result<Contract, Error> {
    read_contracts::find(app, call, &contract.to_string()).await
}
