//! All SQL of the service. One file per table; rows become domain values here.

pub mod campaign;
pub mod contract_copy;
pub mod control;
pub mod finding;
pub mod finding_correction;
pub mod follow_up;
pub mod late_contract;
mod listing;
pub mod mission;
pub mod mission_record;
pub mod peer;
pub mod programme;
pub mod secrecy_rule;
pub mod site_copy;
pub mod target_set_copy;
pub mod tolerance_policy;
mod visibility;

use kernel::{Actor, ActorKind};

pub use listing::Filter;
pub use visibility::Visibility;

/// A row that our own code cannot have written.
pub(crate) fn inconsistent(error: impl std::fmt::Display) -> ::store::Error {
    ::store::Error::Inconsistent(error.to_string())
}

/// A person on record: only people do what the tables keep with an author.
fn person(subject: String, role: String) -> Actor {
    Actor {
        subject,
        kind: ActorKind::Human,
        role,
    }
}

/// A position in a list: everything after this id.
pub type After = Option<uuid::Uuid>;
