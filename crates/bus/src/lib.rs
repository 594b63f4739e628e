//! Events between services over NATS `JetStream`.
//!
//! - [`Bus`] connects and keeps one stream per service, declared here as code.
//! - [`relay`] publishes what the outbox holds: in order, under an advisory lock, at least once.
//! - [`Consumer`] applies what other services publish: exactly once in effect, each aggregate in its
//!   order; what cannot be applied is parked with the reason and can be replayed.
//!
//! Only features of nats-server 2.9 are used.

mod connection;
mod consumer;
mod envelope;
mod failure;
mod history;
mod parking;
mod relay;
mod worker;

pub use connection::{Bus, BusError, stream_name};
pub use consumer::{Consumer, Handler};
pub use envelope::{Envelope, naming};
pub use failure::Failure;
pub use history::{History, Owner};
pub use relay::relay;
