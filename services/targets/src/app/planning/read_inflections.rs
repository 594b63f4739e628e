//! Reads inflections within the caller's scope.

use proto::targets::v1 as pb;
use rpc::{Call, Error, Page};
use uuid::Uuid;

use crate::{
    app::App,
    domain::planning::InflectionId,
    grpc::{
        planning::inflections,
        scalars::{parse, parse_optional},
    },
    store::planning::{
        dialogue,
        inflection::{self, Filter},
    },
};

/// One inflection by its name.
pub(crate) async fn get(
    app: &App,
    call: &Call,
    request: &pb::GetInflectionRequest,
) -> Result<pb::Inflection, Error> {
    let id: InflectionId = parse("name", &request.name)?;
    let not_found = || Error::NotFound(request.name.clone());
    let pool = app.db.pool();
    let found = inflection::find_all(pool, &[id]).await?;
    let found = found.first().ok_or_else(not_found)?;
    dialogue::find(pool, found.value.dialogue)
        .await?
        .filter(|dialogue| super::sees(call, &dialogue.value))
        .ok_or_else(not_found)?;
    Ok(inflections::write(found))
}

/// A page of inflections, the oldest first.
pub(crate) async fn list(
    app: &App,
    call: &Call,
    request: &pb::ListInflectionsRequest,
) -> Result<pb::ListInflectionsResponse, Error> {
    let state = request.state();
    let page = Page::read(
        request.page_size,
        &request.page_token,
        &[&request.region, &request.dialogue, state.as_str_name()],
    )?;
    let filter = Filter {
        regions: super::regions(call, &request.region)?,
        dialogue: parse_optional("dialogue", &request.dialogue)?,
        state: inflections::read_state(state),
        invited: super::own(call),
        after: page.key::<Uuid>(0)?,
    };
    let mut found = inflection::list(app.db.pool(), &filter, page.limit()).await?;
    let next_page_token = page.next(&mut found, |dated| vec![dated.value.id.0.to_string()]);
    Ok(pb::ListInflectionsResponse {
        inflections: found.iter().map(inflections::write).collect(),
        next_page_token,
    })
}
