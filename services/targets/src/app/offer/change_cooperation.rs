//! Registers a cooperation, revises it, records its savings and ends it.

use kernel::{Reasons, Region};
use proto::targets::v1 as pb;
use rpc::{Call, Error};
use sqlx::PgConnection;

use super::{
    error::refused,
    kept::{begin, carry_out, change, lock},
    region_of,
};
use crate::{
    app::App,
    domain::offer::{
        Cooperation,
        cooperation::{self, Content, CooperationCommand, CooperationEvent},
    },
    grpc::{
        offer::cooperations::{read, read_obtained, write_savings},
        planning::reading::day,
    },
    store::offer::{kept as table, reference},
};

pub(crate) async fn register(
    app: &App,
    call: &Call,
    request: &pb::RegisterCooperationRequest,
) -> Result<pb::Cooperation, Error> {
    let region = region_of(call, &request.region)?;
    let content = read(&request.content.clone().unwrap_or_default())?;
    let mut unit = claim!(app, call, request);
    check(unit.connection(), region, &content).await?;
    let cooperation = Cooperation::register(content);
    begin(unit, region, cooperation, &CooperationEvent::Registered).await
}

pub(crate) async fn revise(
    app: &App,
    call: &Call,
    request: &pb::ReviseCooperationRequest,
) -> Result<pb::Cooperation, Error> {
    let content = read(&request.content.clone().unwrap_or_default())?;
    let mut unit = claim!(app, call, request);
    let found = lock::<Cooperation>(&mut unit, call, &request.name, &request.etag).await?;
    check(unit.connection(), found.value.region, &content).await?;
    change(unit, found, CooperationCommand::Revise(content)).await
}

pub(crate) async fn save(
    app: &App,
    call: &Call,
    request: &pb::RecordSavingsRequest,
) -> Result<pb::Cooperation, Error> {
    let by = call.human()?;
    let obtained = read_obtained(&request.saving.clone().unwrap_or_default(), by.subject())?;
    carry_out::<Cooperation>(app, call, request, CooperationCommand::Save(obtained)).await
}

pub(crate) async fn end(
    app: &App,
    call: &Call,
    request: &pb::EndCooperationRequest,
) -> Result<pb::Cooperation, Error> {
    let command = CooperationCommand::End {
        day: day("end_date", &request.end_date)?,
        reasons: Reasons::try_from(request.reasons.clone())
            .map_err(|error| Error::invalid("reasons", error))?,
        by: call.human()?,
    };
    carry_out::<Cooperation>(app, call, request, command).await
}

/// Savings of a region by year.
pub(crate) async fn savings(
    app: &App,
    call: &Call,
    request: &pb::GetSavingsReportRequest,
) -> Result<pb::SavingsReport, Error> {
    let region = region_of(call, &request.region)?;
    let found = table::of_region::<Cooperation>(app.db.pool(), region, None).await?;
    let years = cooperation::savings(&found);
    Ok(pb::SavingsReport {
        region: region.to_string(),
        years: years.iter().map(write_savings).collect(),
    })
}

/// Checks members and contracts against those on record.
async fn check(
    connection: &mut PgConnection,
    region: Region,
    content: &Content,
) -> Result<(), Error> {
    let numbers = reference::numbers(&mut *connection, &content.members).await?;
    let contracts =
        reference::contracts(&mut *connection, region, &content.contracts, None).await?;
    cooperation::check(content, &numbers, &contracts).map_err(refused)
}
