//! What the service tells others, and what it listens to.

pub mod consumed;
pub mod published;
