//! A person starts a campaign: in one transaction the data are frozen and every contract in force at
//! least one day of the year is listed. The worker measures afterwards.

use ::store::{Begun, Db, inbox};
use kernel::{Region, legal_time::legal_day};
use proto::controls::v1 as pb;
use rpc::{Call, Error, client::Peer, etag};
use tracing::warn;

use super::append_one;
use crate::{
    domain::{
        CampaignId, ControlId, Refusal,
        campaign::{Command, Progress, Start, days_of},
    },
    events::{
        consumed::{CONTRACTS, TARGET_SETS},
        published,
    },
    grpc::{convert, population},
    store::{campaign, contract_copy, control},
};

pub async fn run(
    db: &Db,
    contracts: Peer,
    call: &Call,
    request: pb::StartCampaignRequest,
) -> Result<pb::Campaign, Error> {
    let by = call.human()?;
    let id: CampaignId = convert::name("name", &request.name)?;
    let not_found = || Error::NotFound(id.to_string());
    let region = campaign::find(db.pool(), id)
        .await?
        .ok_or_else(not_found)?
        .campaign
        .region;
    call.caller.require_region(region, &call.permission)?;
    require_complete_copies(db, contracts, region).await?;
    let mut unit = match db
        .command(&call.command(&request.request_id, &request)?)
        .await?
    {
        Begun::Replayed(reply) => return Ok(reply),
        Begun::Fresh(unit) => unit,
    };
    let recorded = campaign::lock(unit.connection(), id)
        .await?
        .ok_or_else(not_found)?;
    let planned = recorded.campaign;
    etag::check(&request.etag, planned.version)?;

    let days = days_of(planned.year);
    let population =
        contract_copy::in_force_between(unit.connection(), planned.region, days).await?;
    let start = Start {
        freeze_time: call.at,
        contracts: population.len() as u64,
    };
    let today = legal_day(call.at, planned.region);
    let events = planned.decide(&Command::Start { by, today, start })?;
    let target_sets = contract_copy::count_without_targets(unit.connection(), &population).await?;
    if target_sets > 0 {
        return Err(Refusal::CopyBehind {
            contracts: 0,
            target_sets,
        }
        .into());
    }

    let mut started = planned;
    for event in &events {
        started = started.evolve(event);
        let started_by = append_one(&mut unit, published::campaign(&started, event)?).await?;
        campaign::update(unit.connection(), &started, Some(started_by), call.at).await?;
    }
    let controls: Vec<_> = population
        .into_iter()
        .map(|contract| (ControlId::generate(), contract))
        .collect();
    control::schedule(unit.connection(), &started, &controls).await?;
    let progress = Progress {
        contracts: start.contracts,
        ..Progress::default()
    };
    let recorded = campaign::Recorded {
        campaign: started,
        updated_at: call.at,
        ..recorded
    };
    let reply = convert::campaign(&recorded, progress);
    unit.commit(&reply).await?;
    Ok(reply)
}

/// The control is systematic: a campaign does not start while a contract could be missing from the copy,
/// whether the copy was never built or an event is still on its way. The owner is asked.
async fn require_complete_copies(db: &Db, contracts: Peer, region: Region) -> Result<(), Error> {
    for consumer in [CONTRACTS, TARGET_SETS] {
        if !inbox::is_bootstrapped(db.pool(), consumer.name).await? {
            return Err(Refusal::CopyNotReady {
                owner: consumer.source,
            }
            .into());
        }
    }
    let told = population::in_force_ever(contracts, region)
        .await
        .map_err(|status| {
            warn!(%status, "the contracts service cannot be asked for its population");
            Error::Unavailable("the contracts service")
        })?;
    let contracts = contract_copy::count_unknown(db.pool(), &told).await?;
    if contracts > 0 {
        return Err(Refusal::CopyBehind {
            contracts,
            target_sets: 0,
        }
        .into());
    }
    Ok(())
}
