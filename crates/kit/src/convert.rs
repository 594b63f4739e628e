//! Instants and actors between the domain and the wire.

use kernel::{Actor, ActorKind};
use prost_types::Timestamp;
use proto::types::v1 as types;
use time::OffsetDateTime;

/// Who acted, as the wire writes it.
pub fn actor(actor: &Actor) -> types::Actor {
    let kind = match actor.kind {
        ActorKind::Human => types::ActorKind::Human,
        ActorKind::System => types::ActorKind::System,
        ActorKind::Service => types::ActorKind::Service,
    };
    types::Actor {
        subject: actor.subject.clone(),
        kind: kind.into(),
        role: actor.role.clone(),
    }
}

/// An instant as the wire writes it.
pub fn timestamp(instant: OffsetDateTime) -> Timestamp {
    Timestamp {
        seconds: instant.unix_timestamp(),
        nanos: i32::try_from(instant.nanosecond()).unwrap_or_default(),
    }
}

/// An instant from the wire, if it is one.
pub fn from_timestamp(timestamp: &Timestamp) -> Option<OffsetDateTime> {
    let nanos = i128::from(timestamp.seconds) * 1_000_000_000 + i128::from(timestamp.nanos);
    OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()
}
