//! A person closes a campaign whose controls are all measured.

use ::store::{Begun, Db};
use proto::controls::v1 as pb;
use rpc::{Call, Error, etag};

use crate::{
    domain::{CampaignId, campaign::Command},
    events::published,
    grpc::convert,
    store::campaign,
};

pub async fn run(
    db: &Db,
    call: &Call,
    request: pb::CloseCampaignRequest,
) -> Result<pb::Campaign, Error> {
    let by = call.human()?;
    let id: CampaignId = convert::name("name", &request.name)?;
    let mut unit = match db
        .command(&call.command(&request.request_id, &request)?)
        .await?
    {
        Begun::Replayed(reply) => return Ok(reply),
        Begun::Fresh(unit) => unit,
    };
    let recorded = campaign::lock(unit.connection(), id)
        .await?
        .ok_or_else(|| Error::NotFound(id.to_string()))?;
    let measured = recorded.campaign;
    call.caller
        .require_region(measured.region, &call.permission)?;
    etag::check(&request.etag, measured.version)?;
    let events = measured.decide(&Command::Close { by })?;
    let mut closed = measured;
    for event in &events {
        closed = closed.evolve(event);
        unit.append(vec![published::campaign(&closed, event)?])
            .await?;
    }
    campaign::update(unit.connection(), &closed, None, call.at).await?;
    let progress = campaign::progress(unit.connection(), &[id]).await?;
    let recorded = campaign::Recorded {
        campaign: closed,
        updated_at: call.at,
        ..recorded
    };
    let reply = convert::campaign(&recorded, progress.get(&id).copied().unwrap_or_default());
    unit.commit(&reply).await?;
    Ok(reply)
}
