//! The way of an event from the outbox of its owner to the copy of another service, over real Postgres and a real
//! nats-server that is killed, emptied and restarted.

mod copies;
mod order;
mod outages;
mod parking;
mod settings;
mod support;
mod trace;
