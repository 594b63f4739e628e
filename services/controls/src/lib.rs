//! Ex-post control of the contracts of a region: systematic, explained, and without any power to
//! sanction (circulaire DGOS/R5/2011/74).
//!
//! - [`domain`]: the comparison, its trace and the life of campaigns and findings; pure.
//! - [`app`]: one use case a file, the only place that opens a transaction.
//! - [`worker`]: measures what people have started.
//! - [`store`]: all SQL. [`grpc`]: the wire. [`events`]: what is published and listened to.

pub mod app;
pub mod domain;
pub mod events;
pub mod grpc;
pub mod store;
pub mod worker;

use std::sync::Arc;

use kit::{Definition, Routes, RoutesBuilder, Runtime};
use objects::Objects;
use proto::controls::v1::{
    campaign_service_server::CampaignServiceServer, control_service_server::ControlServiceServer,
    mission_service_server::MissionServiceServer,
    peer_comparison_service_server::PeerComparisonServiceServer,
    tolerance_policy_service_server::TolerancePolicyServiceServer,
};
use sqlx::migrate::Migrator;
use tokio::sync::Notify;

use crate::{
    events::{
        consumed::{
            AMENDMENTS, CONTRACTS, ContractCopier, DECISIONS, FollowUps, REVIEWS, TARGET_SETS,
            TargetSetCopier,
        },
        registry::{SITES, SiteCopier},
    },
    grpc::{Campaigns, Controls, Means, Missions, Peers, Policies},
    worker::Worker,
};

pub use crate::app::error::REASONS;

pub static MIGRATIONS: Migrator = sqlx::migrate!();

/// What this service is.
pub static DEFINITION: Definition = Definition {
    name: "controls",
    migrations: &MIGRATIONS,
    authorization: include_str!("../authorization.toml"),
};

/// Starts the copies, the worker and the routes.
///
/// # Errors
/// When the address of the contracts or of the targets service is not configured, or that of the object store
/// names none.
#[expect(clippy::unused_async, reason = "every service is started the same way")]
pub async fn start(runtime: Runtime) -> anyhow::Result<Routes> {
    let (contracts, targets) = (runtime.peer("contracts")?, runtime.peer("targets")?);
    runtime.consume(CONTRACTS, ContractCopier);
    runtime.consume(AMENDMENTS, ContractCopier);
    runtime.consume(TARGET_SETS, TargetSetCopier);
    runtime.consume(REVIEWS, FollowUps);
    runtime.consume(DECISIONS, FollowUps);
    runtime.consume(SITES, SiteCopier);
    let objects = Objects::open(&runtime.config.objects_url)?;

    let started = Arc::new(Notify::new());
    let stop = runtime.tasks.stop();
    let worker = Worker {
        db: runtime.machine.clone(),
        targets: targets.clone(),
        started: Arc::clone(&started),
    };
    runtime.tasks.spawn("worker", worker.run(stop.clone()));

    let campaigns = Campaigns(Means {
        db: runtime.db.clone(),
        contracts,
        targets,
        started,
        stop,
    });
    let missions = Missions(runtime.db.clone(), objects);
    let mut routes = RoutesBuilder::default();
    routes
        .add_service(
            TolerancePolicyServiceServer::new(Policies(runtime.db.clone()))
                .max_decoding_message_size(kit::MESSAGE_LIMIT),
        )
        .add_service(
            CampaignServiceServer::new(campaigns).max_decoding_message_size(kit::MESSAGE_LIMIT),
        )
        .add_service(
            ControlServiceServer::new(Controls(runtime.db.clone()))
                .max_decoding_message_size(kit::MESSAGE_LIMIT),
        )
        .add_service(
            MissionServiceServer::new(missions).max_decoding_message_size(kit::MESSAGE_LIMIT),
        )
        .add_service(
            PeerComparisonServiceServer::new(Peers(runtime.db.clone()))
                .max_decoding_message_size(kit::MESSAGE_LIMIT),
        );
    Ok(routes.routes())
}
