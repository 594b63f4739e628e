//! Replaces the lines of a draft; an agreement lapses.

use proto::targets::v1 as pb;
use rpc::{Call, Error, etag};

use super::error::refused;
use crate::{
    app::App,
    domain::planning::framework::FrameworkCommand,
    grpc::{planning::frameworks, scalars::parse},
};

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::ReplaceFrameworkLinesRequest,
) -> Result<pb::RegionalFramework, Error> {
    let id = parse("name", &request.name)?;
    let lines = frameworks::read_lines(&request.lines)?;
    let mut unit = claim!(app, call, request);
    let found = super::lock_framework(&mut unit, call, id).await?;
    etag::check_telling(
        &mut unit,
        &found.value.id,
        &request.etag,
        found.value.version,
    )
    .await?;
    let events = found
        .value
        .decide(FrameworkCommand::Replace {
            lines,
            note: request.note.clone(),
            catalogue: &app.catalogue,
        })
        .map_err(refused)?;
    let reply = frameworks::write(&super::apply(&mut unit, found, &events).await?);
    unit.commit(&reply).await?;
    Ok(reply)
}
