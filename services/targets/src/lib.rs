//! The targets service: what each contract commits to in numbers, what establishments report, and what
//! that amounts to.

mod app;
pub mod domain;
mod events;
mod grpc;
mod store;

use std::sync::Arc;

use kit::{Definition, Routes, RoutesBuilder, Runtime};
use proto::targets::v1::{
    indicator_service_server::IndicatorServiceServer,
    target_set_service_server::TargetSetServiceServer,
};
use sqlx::migrate::Migrator;

pub use app::error::REASONS;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// What this service is.
pub static DEFINITION: Definition = Definition {
    name: "targets",
    migrations: &MIGRATIONS,
    authorization: include_str!("../authorization.toml"),
};

/// Routes and consumers, on what the process gives.
pub async fn start(runtime: Runtime) -> anyhow::Result<Routes> {
    let app = app::App {
        catalogue: Arc::new(store::catalogue::load(runtime.db.pool()).await?),
        stop: runtime.tasks.stop(),
        db: runtime.db.clone(),
    };
    runtime.consume(
        events::consumed::CONTRACTS,
        events::consumed::FollowContracts,
    );
    let mut routes = RoutesBuilder::default();
    routes
        .add_service(
            TargetSetServiceServer::new(grpc::target_sets::TargetSets(app.clone()))
                .max_decoding_message_size(kit::MESSAGE_LIMIT),
        )
        .add_service(
            IndicatorServiceServer::new(grpc::indicators::Indicators(app))
                .max_decoding_message_size(app::receive_batches::MESSAGE_LIMIT_BYTES),
        );
    Ok(routes.routes())
}
