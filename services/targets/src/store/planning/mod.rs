//! Frameworks, dialogues and inflections.

pub(crate) mod cascade;
pub(crate) mod citable;
pub(crate) mod dialogue;
pub(crate) mod framework;
pub(crate) mod inflection;

use time::OffsetDateTime;

/// A resource with the instants that only readers need.
pub(crate) struct Dated<T> {
    pub(crate) value: T,
    pub(crate) created_at: OffsetDateTime,
    pub(crate) updated_at: OffsetDateTime,
}

impl<T> Dated<T> {
    /// What a command has just made.
    pub(crate) fn new(value: T, now: OffsetDateTime) -> Self {
        Self {
            value,
            created_at: now,
            updated_at: now,
        }
    }
}
