//! Reads frameworks within the caller's scope.

use proto::targets::v1 as pb;
use rpc::{Call, Error, Page};
use uuid::Uuid;

use crate::{
    app::App,
    domain::planning::FrameworkId,
    grpc::{planning::frameworks, scalars::parse},
    store::planning::framework,
};

/// One framework by its name.
pub(crate) async fn get(
    app: &App,
    call: &Call,
    request: &pb::GetFrameworkRequest,
) -> Result<pb::RegionalFramework, Error> {
    let id: FrameworkId = parse("name", &request.name)?;
    let found = framework::find(app.db.pool(), id)
        .await?
        .filter(|found| call.caller.sees(found.value.region))
        .ok_or_else(|| Error::NotFound(request.name.clone()))?;
    Ok(frameworks::write(&found))
}

/// A page of frameworks, the oldest first.
pub(crate) async fn list(
    app: &App,
    call: &Call,
    request: &pb::ListFrameworksRequest,
) -> Result<pb::ListFrameworksResponse, Error> {
    let state = request.state();
    let page = Page::read(
        request.page_size,
        &request.page_token,
        &[&request.region, state.as_str_name()],
    )?;
    let regions = super::regions(call, &request.region)?;
    let mut found = framework::list(
        app.db.pool(),
        regions.as_deref(),
        frameworks::read_state(state),
        page.key::<Uuid>(0)?,
        page.limit(),
    )
    .await?;
    let next_page_token = page.next(&mut found, |dated| vec![dated.value.id.0.to_string()]);
    Ok(pb::ListFrameworksResponse {
        frameworks: found.iter().map(frameworks::write).collect(),
        next_page_token,
    })
}
