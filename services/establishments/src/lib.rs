//! The registry of legal entities and establishments, and its imports.
//!
//! - [`domain`]: what a record is and how it may change; pure.
//! - [`import`]: from the bytes of a published file to what it changes; pure.
//! - [`app`]: one use case a file, the only place that opens a transaction.
//! - `store`: all SQL. `grpc`: the wire. `events`: what is published.

pub mod app;
pub mod domain;
mod events;
mod grpc;
pub mod import;
mod store;

use std::future::{Ready, ready};

use kit::{Definition, Routes, RoutesBuilder, Runtime};
use proto::establishments::v1::establishment_service_server::EstablishmentServiceServer;
use sqlx::migrate::Migrator;

use crate::app::Limits;

pub use crate::app::refusal::REASONS;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// What this service is.
pub static DEFINITION: Definition = Definition {
    name: "establishments",
    migrations: &MIGRATIONS,
    authorization: include_str!("../authorization.toml"),
};

/// The routes of the service, with limits from the environment.
pub fn start(runtime: Runtime) -> Ready<anyhow::Result<Routes>> {
    ready(Limits::from_env().map(|limits| routes(runtime, limits)))
}

/// The routes of the service under the given limits.
pub fn routes(runtime: Runtime, limits: Limits) -> Routes {
    let establishments = grpc::Establishments::new(runtime.db, limits);
    let mut routes = RoutesBuilder::default();
    routes.add_service(
        EstablishmentServiceServer::new(establishments)
            .max_decoding_message_size(kit::MESSAGE_LIMIT),
    );
    routes.routes()
}
