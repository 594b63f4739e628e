//! The service as its clients see it: gRPC in, real Postgres, real NATS, real tokens.

mod authorization;
mod bad_rows;
mod following;
mod outages;
mod realisations;
mod resuming;
mod scope;
mod target_sets;
mod world;
