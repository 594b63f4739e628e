//! One file per use case. Only here are transactions opened.

/// Claims a request: the unit of work in which it is carried out. Who repeats it is answered as before.
macro_rules! claim {
    ($db:expr, $call:expr, $request:expr) => {{
        let command = $call.command(&$request.request_id, &$request)?;
        match $db.command(&command).await? {
            ::store::Begun::Replayed(reply) => return Ok(reply),
            ::store::Begun::Fresh(unit) => unit,
        }
    }};
}

pub mod adopt_tolerance_policy;
mod allowed_actions;
mod campaign_act;
mod campaign_actions;
pub mod check_population;
pub mod close_campaign;
pub mod compare_with_peers;
pub mod conclude_campaign;
pub mod correct_finding;
pub mod create_campaign;
pub mod create_mission;
pub mod create_programme;
pub mod create_tolerance_policy;
pub mod end_mission;
pub mod error;
pub mod evidence;
pub mod freeze_campaign;
pub mod list_late;
pub mod measure_chunk;
pub mod read_campaigns;
pub mod read_controls;
pub mod read_findings;
pub mod read_missions;
pub mod read_outcome;
pub mod read_policies;
pub mod record_remark;
pub mod share_campaign;
pub mod simulate_tolerance_policy;
pub mod start_campaign;
pub mod withdraw_finding;

use ::store::{Error, Fact, Unit};
use rpc::Caller;
use uuid::Uuid;

use crate::store::Visibility;

/// What the caller may see: regions for an agency, its own contracts for an establishment.
fn visibility(caller: &Caller) -> Visibility {
    if caller.is_establishment() {
        let finess = caller.finess().iter().map(ToString::to_string).collect();
        return Visibility {
            regions: None,
            finess: Some(finess),
        };
    }
    Visibility {
        regions: caller.regions(),
        finess: None,
    }
}

/// Appends one fact and returns the id of its event.
async fn append_one(unit: &mut Unit, fact: Fact) -> Result<Uuid, Error> {
    let events = unit.append(vec![fact]).await?;
    events
        .first()
        .copied()
        .ok_or_else(|| Error::Inconsistent("no event".to_owned()))
}
