//! A person freezes a campaign: in one transaction, what is compared is fixed and every contract in force at
//! least one day of the year is listed, each with the version of its targets.

use ::store::{Db, inbox};
use kernel::{Region, legal_time::legal_day};
use proto::controls::v1 as pb;
use rpc::{Call, Error, client::Peer, etag};
use sha2::{Digest as _, Sha256};
use tracing::warn;

use super::append_one;
use crate::{
    domain::{
        CampaignId, Refusal,
        campaign::{Command, Frozen, Progress, days_of},
    },
    events::{
        consumed::{CONTRACTS, TARGET_SETS},
        published,
    },
    grpc::{convert, pmsi, population},
    store::{
        campaign::{self, Act},
        contract_copy::{self, Listed},
        control, tolerance_policy,
    },
};

/// The services that own what is frozen.
#[derive(Debug)]
pub struct Owners {
    pub contracts: Peer,
    pub targets: Peer,
}

pub async fn run(
    db: &Db,
    owners: Owners,
    call: &Call,
    request: pb::FreezeCampaignRequest,
) -> Result<pb::Campaign, Error> {
    let by = call.human()?;
    let id: CampaignId = convert::name("name", &request.name)?;
    let not_found = || Error::NotFound(id.to_string());
    let known = campaign::find(db.pool(), id)
        .await?
        .ok_or_else(not_found)?
        .campaign;
    call.caller.require_region(known.region, &call.permission)?;
    require_complete_copies(db, owners.contracts, known.region).await?;
    let pmsi = pmsi::held(owners.targets, known.region, known.year, call.at)
        .await
        .map_err(|status| {
            warn!(%status, "the targets service cannot be asked for its PMSI data");
            Error::Unavailable("the targets service")
        })?;
    let mut unit = claim!(db, call, request);
    let recorded = campaign::lock(unit.connection(), id)
        .await?
        .ok_or_else(not_found)?;
    let planned = recorded.campaign;
    etag::check_telling(&mut unit, &planned.id, &request.etag, planned.version).await?;
    pmsi.require(request.pmsi_version.trim())?;
    let policy = tolerance_policy::find(unit.connection(), planned.policy)
        .await?
        .ok_or_else(|| Error::NotFound(planned.policy.to_string()))?;

    let days = days_of(planned.year);
    let (population, target_sets) =
        contract_copy::in_force_between(unit.connection(), planned.region, days).await?;
    let frozen = Frozen {
        freeze_time: call.at,
        policy_version: policy.version,
        pmsi,
        contracts: population.len() as u64,
        target_sets: population
            .iter()
            .filter(|listed| listed.target_set.is_some())
            .count() as u64,
        target_sets_sha256: versions_hash(&population),
    };
    let events = planned.decide(&Command::Freeze {
        by: &by,
        today: legal_day(call.at, planned.region),
        policy: &policy,
        frozen,
    })?;
    if target_sets > 0 {
        return Err(Refusal::CopyBehind {
            contracts: 0,
            target_sets,
        }
        .into());
    }

    let mut frozen = planned;
    for event in &events {
        frozen = frozen.evolve(event);
        let by = append_one(&mut unit, published::campaign(&frozen, event)?).await?;
        campaign::update(unit.connection(), &frozen, Act::Froze(by), call.at).await?;
    }
    control::schedule(unit.connection(), &frozen, &population).await?;
    let progress = Progress {
        contracts: population.len() as u64,
        ..Progress::default()
    };
    let recorded = campaign::Recorded {
        campaign: frozen,
        updated_at: call.at,
        ..recorded
    };
    let reply = convert::campaign(&recorded, progress);
    unit.commit(&reply).await?;
    Ok(reply)
}

/// See `FrozenData.target_sets_sha256`: anybody who holds the list of controls can compute it again.
fn versions_hash(population: &[Listed]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for listed in population {
        let targets = listed
            .target_set
            .map_or_else(|| "-".to_owned(), |(id, version)| format!("{id} {version}"));
        hash.update(format!("{} {targets}\n", listed.contract));
    }
    hash.finalize().into()
}

/// The control is systematic: the data are not frozen while a contract could be missing from the copy,
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
