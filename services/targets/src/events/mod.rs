//! What this service tells the others, and what it listens to.

pub(crate) mod consumed;
pub(crate) mod data;
pub(crate) mod offer;
pub(crate) mod planning;
pub(crate) mod published;
pub(crate) mod registry;
