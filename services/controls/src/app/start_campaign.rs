//! A person starts a campaign: in one transaction the data are frozen and every contract in force at
//! least one day of the year is listed. The worker measures afterwards.

use ::store::{Begun, Db};
use kernel::legal_time::legal_day;
use proto::controls::v1 as pb;
use rpc::{Call, Error, etag};

use super::append_one;
use crate::{
    domain::{
        CampaignId, ControlId, Refusal,
        campaign::{Command, Progress, Start, days_of},
    },
    events::published,
    grpc::convert,
    store::{campaign, contract_copy, control},
};

pub async fn run(
    db: &Db,
    call: &Call,
    request: pb::StartCampaignRequest,
) -> Result<pb::Campaign, Error> {
    let by = call.human()?;
    let id: CampaignId = convert::name("name", &request.name)?;
    let mut unit = match db.command(&call.command(&request.request_id, &request)?).await? {
        Begun::Replayed(reply) => return Ok(reply),
        Begun::Fresh(unit) => unit,
    };
    let recorded = campaign::lock(unit.connection(), id)
        .await?
        .ok_or_else(|| Error::NotFound(id.to_string()))?;
    let planned = recorded.campaign;
    call.caller.require_region(planned.region, &call.permission)?;
    etag::check(&request.etag, planned.version)?;

    let days = days_of(planned.year);
    let population =
        contract_copy::in_force_between(unit.connection(), planned.region, days).await?;
    let start = Start { freeze_time: call.at, contracts: population.len() as u64 };
    let today = legal_day(call.at, planned.region);
    let events = planned.decide(&Command::Start { by, today, start })?;
    let without_targets =
        contract_copy::count_without_targets(unit.connection(), &population).await?;
    if without_targets > 0 {
        let missing = format!("target sets of {without_targets} contracts");
        return Err(Refusal::CopyNotReady { missing }.into());
    }

    let mut started = planned;
    for event in &events {
        started = started.evolve(event);
        let started_by = append_one(&mut unit, published::campaign(&started, event)?).await?;
        campaign::update(unit.connection(), &started, Some(started_by), call.at).await?;
    }
    let controls: Vec<_> =
        population.into_iter().map(|contract| (ControlId::generate(), contract)).collect();
    control::schedule(unit.connection(), &started, &controls).await?;
    let progress = Progress { contracts: start.contracts, ..Progress::default() };
    let recorded = campaign::Recorded { campaign: started, updated_at: call.at, ..recorded };
    let reply = convert::campaign(&recorded, progress);
    unit.commit(&reply).await?;
    Ok(reply)
}
