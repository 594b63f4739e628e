//! What this service publishes, and what it listens to.

pub mod consumed;
pub mod published;
pub mod registry;
