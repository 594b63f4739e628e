//! Reads what was recorded together: to link the places that an act authorised.

use kernel::Region;
use proto::targets::v1 as pb;
use rpc::{Call, Error, Page};

use crate::{
    app::App, domain::medicosocial::CapacityRecordingId, grpc::scalars::parse,
    store::medicosocial::capacity,
};

/// A page of what was recorded together, the latest first.
pub(crate) async fn list(
    app: &App,
    call: &Call,
    request: &pb::ListCapacityRecordingsRequest,
) -> Result<pb::ListCapacityRecordingsResponse, Error> {
    let region: Region = parse("region", &request.region)?;
    call.caller.require_region(region, &call.permission)?;
    let page = Page::read(
        request.page_size,
        &request.page_token,
        &[&request.region, &request.decision],
    )?;
    let before: Option<CapacityRecordingId> = page.key(0)?;
    let decision = Some(request.decision.as_str()).filter(|decision| !decision.is_empty());
    let mut found =
        capacity::recordings(app.db.pool(), region, decision, before, page.limit()).await?;
    let next_page_token = page.next(&mut found, |recording| vec![recording.id.to_string()]);
    let recordings = found.into_iter().map(|recording| pb::CapacityRecording {
        name: recording.id.to_string(),
        region: region.to_string(),
        lines: i32::try_from(recording.lines).unwrap_or(i32::MAX),
        create_time: Some(kit::timestamp(recording.at)),
        decisions: recording.decisions,
        establishments: recording.establishments,
    });
    Ok(pb::ListCapacityRecordingsResponse {
        capacity_recordings: recordings.collect(),
        next_page_token,
    })
}
