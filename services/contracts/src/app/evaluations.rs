//! Evaluations: planned, reported on by the holder, concluded by the agency.

use kernel::legal_time::legal_day;
use proto::contracts::v1 as pb;
use rpc::{Call, Error, etag};
use store::{Unit, constraint};

use super::{App, deadlines::follow, read_contracts, scope};
use crate::{
    domain::{
        Contract, EvaluationId, Refusal,
        deadline::Deadline,
        follow_up::{Evaluation, EvaluationKind, EvaluationPlan},
    },
    events::published,
    grpc::convert,
    store as rows,
};

/// The agency plans an evaluation.
pub async fn plan(
    app: &App,
    call: &Call,
    request: pb::PlanEvaluationRequest,
) -> Result<pb::Evaluation, Error> {
    let (person, mut unit) = claim!(app, call, request);
    let contract = scope::contract(&mut unit, call, &request.contract).await?;
    let plan = EvaluationPlan {
        kind: convert::follow_up::evaluation_kind_from(request.kind())?,
        year: request.year,
        due_date: convert::date("due_date", &request.due_date)?,
    };
    let id = EvaluationId::generate();
    let planned = Evaluation::plan(id, &contract, plan, &person, unit.at())?;
    if let Err(error) = rows::evaluation::insert(unit.connection(), &planned).await {
        if constraint(&error) == Some(rows::evaluation::ONCE) {
            return Err(Refusal::EvaluationPlanned { year: plan.year }.into());
        }
        return Err(error.into());
    }
    if matches!(plan.kind, EvaluationKind::MidTerm | EvaluationKind::Annual) {
        let now = unit.at();
        follow::contract_again(unit.connection(), &contract, now).await?;
    }
    finish(unit, &[], &planned).await
}

/// The holder reports.
pub async fn report(
    app: &App,
    call: &Call,
    request: pb::SubmitEvaluationReportRequest,
) -> Result<pb::Evaluation, Error> {
    let (person, mut unit) = claim!(app, call, request);
    let (before, contract) = lock(&mut unit, call, &request.name, &request.etag).await?;
    let report = convert::reasons("report", request.report)?;
    let due_before = before.deadlines();
    let after = before.report(report, &contract, &person, unit.at())?;
    rows::evaluation::save(unit.connection(), &after).await?;
    finish(unit, &due_before, &after).await
}

/// The agency concludes.
pub async fn conclude(
    app: &App,
    call: &Call,
    request: pb::ConcludeEvaluationRequest,
) -> Result<pb::Evaluation, Error> {
    let (person, mut unit) = claim!(app, call, request);
    let (before, contract) = lock(&mut unit, call, &request.name, &request.etag).await?;
    let assessments = request
        .assessments
        .iter()
        .map(convert::follow_up::assessment_from)
        .collect::<Result<_, _>>()?;
    let conclusion = convert::reasons("conclusion", request.conclusion)?;
    let due_before = before.deadlines();
    let after = before.conclude(assessments, conclusion, &contract, &person, unit.at())?;
    rows::evaluation::save(unit.connection(), &after).await?;
    finish(unit, &due_before, &after).await
}

async fn lock(
    unit: &mut Unit,
    call: &Call,
    name: &str,
    tag: &str,
) -> Result<(Evaluation, Contract), Error> {
    let not_found = || Error::NotFound(name.to_owned());
    let id: EvaluationId = convert::name("name", name)?;
    let before = rows::evaluation::lock(unit.connection(), id)
        .await?
        .ok_or_else(not_found)?;
    let contract = rows::contract::find(unit.connection(), before.contract)
        .await?
        .filter(|contract| scope::sees_contract(call, contract))
        .ok_or_else(not_found)?;
    etag::check_telling(unit, &before.id, tag, before.version).await?;
    Ok((before, contract))
}

async fn finish(
    mut unit: Unit,
    due_before: &[Deadline],
    after: &Evaluation,
) -> Result<pb::Evaluation, Error> {
    unit.append(vec![published::evaluation(after)?]).await?;
    follow::changed(unit.connection(), due_before, after).await?;
    let reply = convert::evaluation(after, legal_day(unit.at(), after.region));
    unit.commit(&reply).await?;
    Ok(reply)
}

/// One evaluation.
pub async fn get(
    app: &App,
    call: &Call,
    request: pb::GetEvaluationRequest,
) -> Result<pb::Evaluation, Error> {
    let id: EvaluationId = convert::name("name", &request.name)?;
    let found = {
        let mut connection = app.db.pool().acquire().await?;
        rows::evaluation::find(&mut connection, id).await?
    };
    let evaluation = found.ok_or_else(|| Error::NotFound(request.name.clone()))?;
    read_contracts::find(app, call, &evaluation.contract.to_string()).await?;
    Ok(convert::evaluation(
        &evaluation,
        legal_day(call.at, evaluation.region),
    ))
}

/// The evaluations of a contract.
pub async fn list(
    app: &App,
    call: &Call,
    request: pb::ListEvaluationsRequest,
) -> Result<pb::ListEvaluationsResponse, Error> {
    let contract = read_contracts::find(app, call, &request.contract).await?;
    let mut connection = app.db.pool().acquire().await?;
    let evaluations = rows::evaluation::of_contract(&mut connection, contract.id).await?;
    let today = legal_day(call.at, contract.region);
    Ok(pb::ListEvaluationsResponse {
        evaluations: evaluations
            .iter()
            .map(|e| convert::evaluation(e, today))
            .collect(),
    })
}
