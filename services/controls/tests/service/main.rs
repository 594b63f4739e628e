//! The service from outside: real Postgres, real NATS, the generated client.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod allowed_actions;
mod authorization;
mod campaign;
mod common;
mod events;
mod findings;
mod lists;
mod missions;
mod outcomes;
mod peer_comparison;
mod policies;
mod policy_life;
mod population;
mod rights;
mod trace;
mod worker;
