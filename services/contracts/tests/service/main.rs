//! The service as its clients see it: real Postgres, real NATS, real tokens, and nothing but the wire.

#![cfg(test)]

mod authorization;
mod contract_life;
mod database;
mod findings;
mod guards;
mod replay;
mod requests;
mod reviews;
mod support;
