//! Meetings: planned, recorded, and what they decided done.

use kernel::legal_time::legal_day;
use proto::contracts::v1 as pb;
use rpc::{Call, Error, etag};
use store::{Fact, Unit};

use super::{App, deadlines::follow, read_contracts, scope};
use crate::{
    domain::{
        MeetingId,
        deadline::Deadline,
        follow_up::{Meeting, MeetingPlan},
    },
    events::published,
    grpc::convert,
    store as rows,
};

/// The agency plans a meeting.
pub async fn plan(
    app: &App,
    call: &Call,
    request: pb::PlanMeetingRequest,
) -> Result<pb::Meeting, Error> {
    let (person, mut unit) = claim!(app, call, request);
    let contract = scope::contract(&mut unit, call, &request.contract).await?;
    let plan = MeetingPlan {
        kind: convert::follow_up::meeting_kind_from(request.kind())?,
        date: convert::date("date", &request.date)?,
        agenda: request.agenda,
    };
    let planned = Meeting::plan(MeetingId::generate(), &contract, plan, &person, unit.at())?;
    rows::meeting::insert(unit.connection(), &planned).await?;
    finish(unit, &[], &planned, published::meeting_planned(&planned)?).await
}

/// Minutes and decisions.
pub async fn record(
    app: &App,
    call: &Call,
    request: pb::RecordMinutesRequest,
) -> Result<pb::Meeting, Error> {
    let (person, mut unit) = claim!(app, call, request);
    let before = lock(&mut unit, call, &request.name, &request.etag).await?;
    let decisions = request
        .decisions
        .iter()
        .enumerate()
        .map(|(i, decision)| convert::follow_up::decision_from(i, decision))
        .collect::<Result<_, _>>()?;
    let minutes = convert::reasons("minutes", request.minutes)?;
    let (at, today) = (unit.at(), legal_day(unit.at(), before.region));
    let due_before = before.deadlines();
    let after = before.record((minutes, request.attendees, decisions), &person, today, at)?;
    rows::meeting::save(unit.connection(), &after).await?;
    let fact = published::minutes_recorded(&after)?;
    finish(unit, &due_before, &after, fact).await
}

/// A decision is done.
pub async fn complete(
    app: &App,
    call: &Call,
    request: pb::CompleteDecisionRequest,
) -> Result<pb::Meeting, Error> {
    let (person, mut unit) = claim!(app, call, request);
    let before = lock(&mut unit, call, &request.name, &request.etag).await?;
    let rank = usize::try_from(request.rank).unwrap_or_default();
    let done_date = convert::date("done_date", &request.done_date)?;
    let today = legal_day(unit.at(), before.region);
    let due_before = before.deadlines();
    let after = before.complete(rank, done_date, request.note.clone(), &person, today)?;
    rows::meeting::save(unit.connection(), &after).await?;
    let done = pb::MeetingDecisionCompleted {
        rank: request.rank,
        done_date: request.done_date,
        note: request.note,
    };
    let fact = published::decision_completed(&after, &done)?;
    finish(unit, &due_before, &after, fact).await
}

async fn lock(unit: &mut Unit, call: &Call, name: &str, tag: &str) -> Result<Meeting, Error> {
    let id: MeetingId = convert::name("name", name)?;
    let before = rows::meeting::lock(unit.connection(), id)
        .await?
        .filter(|meeting| call.caller.sees(meeting.region))
        .ok_or_else(|| Error::NotFound(name.to_owned()))?;
    etag::check_telling(unit, &before.id, tag, before.version).await?;
    Ok(before)
}

async fn finish(
    mut unit: Unit,
    due_before: &[Deadline],
    after: &Meeting,
    fact: Fact,
) -> Result<pb::Meeting, Error> {
    unit.append(vec![fact]).await?;
    follow::changed(unit.connection(), due_before, after).await?;
    let reply = convert::meeting(after, legal_day(unit.at(), after.region));
    unit.commit(&reply).await?;
    Ok(reply)
}

/// One meeting.
pub async fn get(
    app: &App,
    call: &Call,
    request: pb::GetMeetingRequest,
) -> Result<pb::Meeting, Error> {
    let id: MeetingId = convert::name("name", &request.name)?;
    let found = {
        let mut connection = app.db.pool().acquire().await?;
        rows::meeting::find(&mut connection, id).await?
    };
    let meeting = found.ok_or_else(|| Error::NotFound(request.name.clone()))?;
    read_contracts::find(app, call, &meeting.contract.to_string()).await?;
    Ok(convert::meeting(
        &meeting,
        legal_day(call.at, meeting.region),
    ))
}

/// The meetings of a contract.
pub async fn list(
    app: &App,
    call: &Call,
    request: pb::ListMeetingsRequest,
) -> Result<pb::ListMeetingsResponse, Error> {
    let contract = read_contracts::find(app, call, &request.contract).await?;
    let mut connection = app.db.pool().acquire().await?;
    let meetings = rows::meeting::of_contract(&mut connection, contract.id).await?;
    let today = legal_day(call.at, contract.region);
    Ok(pb::ListMeetingsResponse {
        meetings: meetings
            .iter()
            .map(|m| convert::meeting(m, today))
            .collect(),
    })
}
