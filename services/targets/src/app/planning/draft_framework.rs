//! Drafts the next framework of a region.

use kernel::Region;
use proto::targets::v1 as pb;
use rpc::{Call, Error};

use super::error::refused;
use crate::{
    app::App,
    domain::{
        Term,
        planning::{
            FrameworkId, FrameworkState, PlanningRefusal, RegionalFramework,
            framework::FrameworkEvent,
        },
    },
    events::planning as published,
    grpc::{
        planning::{frameworks, reading::day},
        scalars::parse,
    },
    store::planning::{Dated, framework},
};

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::DraftFrameworkRequest,
) -> Result<pb::RegionalFramework, Error> {
    let region: Region = parse("region", &request.region)?;
    call.caller.require_region(region, &call.permission)?;
    let term = Term {
        effect_date: day("effect_date", &request.effect_date)?,
        end_date: day("end_date", &request.end_date)?,
    };
    let lines = frameworks::read_lines(&request.lines)?;
    let mut unit = claim!(app, call, request);
    let previous = framework::latest(unit.connection(), region).await?;
    if previous
        .as_ref()
        .is_some_and(|previous| previous.state != FrameworkState::Agreed)
    {
        return Err(PlanningRefusal::FrameworkDraftExists(region).into());
    }
    let drafted = RegionalFramework::draft(
        FrameworkId::generate(),
        region,
        term,
        lines,
        request.note.clone(),
        previous.as_ref(),
        &app.catalogue,
    )
    .map_err(refused)?;
    framework::insert(unit.connection(), &drafted, call.at)
        .await
        .map_err(|error| match store::constraint(&error) {
            Some("regional_framework_draft_key" | "regional_framework_revision_key") => {
                PlanningRefusal::FrameworkDraftExists(region).into()
            }
            _ => Error::from(error),
        })?;
    unit.append(vec![published::framework(
        &drafted,
        &FrameworkEvent::Drafted,
    )?])
    .await?;
    let reply = frameworks::write(&Dated::new(drafted, call.at));
    unit.commit(&reply).await?;
    Ok(reply)
}
