//! What this service tells the others, and what it listens to.

pub(crate) mod consumed;
pub(crate) mod published;
