//! What the service tells others, and what it listens to.

mod amendments;
#[cfg(test)]
mod chain;
pub mod consumed;
mod follow_up;
pub mod programming;
pub mod published;
pub mod published_procedures;
pub mod published_reviews;
pub mod templates;
mod withdrawals;
