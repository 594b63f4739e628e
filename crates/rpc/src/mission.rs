//! The mission of an auditor: from when until when, and over what.
//!
//! Whoever opens a mission has the identity provider put it into the auditor’s token, as the claim `mission`. It is
//! checked at every call, by every service.

use serde::Deserialize;
use time::OffsetDateTime;
use tonic::Code;

use crate::{Reason, Refusal};

/// The role that reads histories on a mission.
pub(crate) const AUDITOR: &str = "auditor";
/// What a mission over some contracts may call: what is filtered by contract.
const BY_CONTRACT: &str = "cpom.history.v1.";

/// The claim `mission`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Mission {
    /// Names it in the record of what was read.
    pub id: String,
    /// The person who opened it.
    pub opened_by: String,
    /// From this second of Unix time.
    pub from: i64,
    /// Until before this one.
    pub until: i64,
    /// `contracts/…`; every contract of the regions of the token when there are none.
    #[serde(default)]
    pub contracts: Vec<String>,
}

/// Why an auditor is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MissionRefusal {
    #[error("an auditor reads on a mission, and your token names none; ask whoever opened yours")]
    None,
    #[error("mission {id} begins at {from}; come back then")]
    NotBegun { id: String, from: OffsetDateTime },
    #[error("mission {id} ended at {until}; ask {opened_by}, who opened it, for another")]
    Over {
        id: String,
        opened_by: String,
        until: OffsetDateTime,
    },
    #[error("mission {id} is over some contracts: read their histories, exports and proofs")]
    Elsewhere { id: String },
}

impl Refusal for MissionRefusal {
    fn reason(&self) -> Reason {
        let denied = |name| Reason::new(name, Code::PermissionDenied);
        match self {
            Self::None => denied("MISSION_REQUIRED"),
            Self::NotBegun { id, .. } | Self::Over { id, .. } => {
                denied("MISSION_NOT_OPEN").with("mission", id)
            }
            Self::Elsewhere { id } => denied("OUTSIDE_MISSION").with("mission", id),
        }
    }
}

/// Whether an auditor may call this method now.
pub(crate) fn check(
    mission: Option<&Mission>,
    method: &str,
    now: OffsetDateTime,
) -> Result<(), MissionRefusal> {
    let Some(mission) = mission else {
        return Err(MissionRefusal::None);
    };
    let id = mission.id.clone();
    let instant = |seconds| OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(now);
    if now.unix_timestamp() < mission.from {
        let from = instant(mission.from);
        return Err(MissionRefusal::NotBegun { id, from });
    }
    if now.unix_timestamp() >= mission.until {
        return Err(MissionRefusal::Over {
            id,
            opened_by: mission.opened_by.clone(),
            until: instant(mission.until),
        });
    }
    if !mission.contracts.is_empty() && !method.starts_with(BY_CONTRACT) {
        return Err(MissionRefusal::Elsewhere { id });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn mission(contracts: &[&str]) -> Mission {
        Mission {
            id: "m1".to_owned(),
            opened_by: "dg".to_owned(),
            from: datetime!(2026-01-01 00:00 UTC).unix_timestamp(),
            until: datetime!(2026-07-01 00:00 UTC).unix_timestamp(),
            contracts: contracts.iter().map(|&c| c.to_owned()).collect(),
        }
    }

    fn reason(mission: Option<&Mission>, method: &str, now: OffsetDateTime) -> &'static str {
        match check(mission, method, now) {
            Ok(()) => "",
            Err(refusal) => refusal.reason().reason,
        }
    }

    #[test]
    fn a_mission_opens_its_scope_between_its_two_instants_and_nothing_else() {
        const HISTORY: &str = "cpom.history.v1.HistoryService/ListEvents";
        const CONTRACT: &str = "cpom.contracts.v1.ContractService/GetContract";
        let during = datetime!(2026-03-01 00:00 UTC);
        let (all, some) = (mission(&[]), mission(&["contracts/1"]));
        assert_eq!(reason(Some(&all), CONTRACT, during), "");
        assert_eq!(reason(Some(&some), HISTORY, during), "");
        assert_eq!(reason(Some(&some), CONTRACT, during), "OUTSIDE_MISSION");
        assert_eq!(reason(None, HISTORY, during), "MISSION_REQUIRED");
        for (now, expected) in [
            (datetime!(2025-12-31 23:59:59 UTC), "MISSION_NOT_OPEN"),
            (datetime!(2026-01-01 00:00 UTC), ""),
            (datetime!(2026-06-30 23:59:59 UTC), ""),
            (datetime!(2026-07-01 00:00 UTC), "MISSION_NOT_OPEN"),
        ] {
            assert_eq!(reason(Some(&all), HISTORY, now), expected, "{now}");
        }
    }
}
