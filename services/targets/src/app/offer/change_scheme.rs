//! Drafts a scheme, replaces what it says, and adopts it: always a person.

use kernel::Region;
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
    domain::offer::scheme::{self, Content, Scheme, SchemeCommand, SchemeEvent},
    grpc::offer::schemes::read,
    store::offer::{axis, reference},
};

pub(crate) async fn draft(
    app: &App,
    call: &Call,
    request: &pb::DraftSchemeRequest,
) -> Result<pb::Scheme, Error> {
    let region = region_of(call, &request.region)?;
    let content = read(&request.content.clone().unwrap_or_default())?;
    let mut unit = claim!(app, call, request);
    check(unit.connection(), region, &content).await?;
    begin(unit, region, Scheme::draft(content), &SchemeEvent::Drafted).await
}

pub(crate) async fn replace(
    app: &App,
    call: &Call,
    request: &pb::ReplaceSchemeRequest,
) -> Result<pb::Scheme, Error> {
    let content = read(&request.content.clone().unwrap_or_default())?;
    let mut unit = claim!(app, call, request);
    let found = lock::<Scheme>(&mut unit, call, &request.name, &request.etag).await?;
    check(unit.connection(), found.value.region, &content).await?;
    change(unit, found, SchemeCommand::Replace(content)).await
}

pub(crate) async fn adopt(
    app: &App,
    call: &Call,
    request: &pb::AdoptSchemeRequest,
) -> Result<pb::Scheme, Error> {
    let command = SchemeCommand::Adopt {
        decision: request.decision.clone(),
        by: call.human()?,
        at: call.at,
    };
    carry_out::<Scheme>(app, call, request, command).await
}

/// Checks what a scheme says against the axes and territories on record.
async fn check(
    connection: &mut PgConnection,
    region: Region,
    content: &Content,
) -> Result<(), Error> {
    let axes = axis::codes(&mut *connection, &content.axes).await?;
    let named: Vec<&str> = content
        .objectives
        .iter()
        .map(|objective| objective.territory.as_str())
        .chain(
            content
                .home_shares
                .iter()
                .map(|share| share.territory.as_str()),
        )
        .collect();
    let territories = reference::territories(&mut *connection, region, &named).await?;
    scheme::check(content, &axes, &territories).map_err(refused)
}
