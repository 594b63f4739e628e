//! One file per use case. Only here are transactions opened.

pub mod close_campaign;
pub mod conclude_campaign;
pub mod create_campaign;
pub mod create_tolerance_policy;
pub mod error;
pub mod measure_chunk;
pub mod read_campaigns;
pub mod read_controls;
pub mod read_findings;
pub mod read_policies;
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
