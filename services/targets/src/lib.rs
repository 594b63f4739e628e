//! The targets service: what each contract commits to in numbers, what establishments report, and what
//! that amounts to.

mod app;
pub mod domain;
mod events;
mod files;
mod grpc;
mod store;

use std::sync::Arc;

use kit::{Definition, Routes, RoutesBuilder, Runtime};
use proto::targets::v1::{
    capacity_service_server::CapacityServiceServer, case_mix_service_server::CaseMixServiceServer,
    cooperation_service_server::CooperationServiceServer,
    credit_service_server::CreditServiceServer, dialogue_service_server::DialogueServiceServer,
    finance_service_server::FinanceServiceServer, framework_service_server::FrameworkServiceServer,
    funding_service_server::FundingServiceServer, indicator_service_server::IndicatorServiceServer,
    needs_service_server::NeedsServiceServer,
    nomenclature_service_server::NomenclatureServiceServer,
    project_call_service_server::ProjectCallServiceServer,
    published_rate_service_server::PublishedRateServiceServer,
    rate_service_server::RateServiceServer, realisation_service_server::RealisationServiceServer,
    scheme_service_server::SchemeServiceServer, target_set_service_server::TargetSetServiceServer,
    territory_service_server::TerritoryServiceServer,
    waiting_list_service_server::WaitingListServiceServer,
};
use sqlx::migrate::Migrator;

pub use app::{
    data_error::DATA_REASONS, error::REASONS, medicosocial::error::MEDICOSOCIAL_REASONS,
    offer::error::OFFER_REASONS, planning::error::PLANNING_REASONS,
};

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
    runtime.consume(
        events::consumed::AMENDMENTS,
        events::consumed::FollowAmendments,
    );
    runtime.consume(events::registry::LEGAL_ENTITIES, events::registry::Registry);
    runtime.consume(events::registry::ESTABLISHMENTS, events::registry::Registry);
    let mut routes = RoutesBuilder::default();
    routes
        .add_service(
            NomenclatureServiceServer::new(grpc::data::nomenclatures::Nomenclatures(app.clone()))
                .max_decoding_message_size(kit::MESSAGE_LIMIT),
        )
        .add_service(
            TerritoryServiceServer::new(grpc::data::territories::Territories(app.clone()))
                .max_decoding_message_size(kit::MESSAGE_LIMIT),
        )
        .add_service(
            CaseMixServiceServer::new(grpc::data::case_mix::CaseMix(app.clone()))
                .max_decoding_message_size(app::receive_batches::MESSAGE_LIMIT_BYTES),
        )
        .add_service(
            FinanceServiceServer::new(grpc::data::finances::Finances(app.clone()))
                .max_decoding_message_size(app::receive_batches::MESSAGE_LIMIT_BYTES),
        )
        .add_service(
            RateServiceServer::new(grpc::data::rates::Rates(app.clone()))
                .max_decoding_message_size(kit::MESSAGE_LIMIT),
        )
        .add_service(
            PublishedRateServiceServer::new(grpc::data::published_rates::PublishedRates(
                app.clone(),
            ))
            .max_decoding_message_size(kit::MESSAGE_LIMIT),
        )
        .add_service(
            TargetSetServiceServer::new(grpc::target_sets::TargetSets(app.clone()))
                .max_decoding_message_size(kit::MESSAGE_LIMIT),
        )
        .add_service(
            FrameworkServiceServer::new(grpc::planning::framework_service::Frameworks(app.clone()))
                .max_decoding_message_size(kit::MESSAGE_LIMIT),
        )
        .add_service(
            DialogueServiceServer::new(grpc::planning::dialogue_service::Dialogues(app.clone()))
                .max_decoding_message_size(kit::MESSAGE_LIMIT),
        )
        .add_service(
            RealisationServiceServer::new(grpc::realisations::Realisations(app.clone()))
                .max_decoding_message_size(kit::MESSAGE_LIMIT),
        )
        .add_service(
            CapacityServiceServer::new(grpc::medicosocial::capacity_service::Capacities(
                app.clone(),
            ))
            .max_decoding_message_size(kit::MESSAGE_LIMIT),
        )
        .add_service(
            NeedsServiceServer::new(grpc::medicosocial::needs_service::Needs(app.clone()))
                .max_decoding_message_size(kit::MESSAGE_LIMIT),
        )
        .add_service(
            SchemeServiceServer::new(grpc::offer::scheme_service::Schemes(app.clone()))
                .max_decoding_message_size(kit::MESSAGE_LIMIT),
        )
        .add_service(
            CreditServiceServer::new(grpc::offer::credit_service::Credits(app.clone()))
                .max_decoding_message_size(kit::MESSAGE_LIMIT),
        )
        .add_service(
            CooperationServiceServer::new(grpc::offer::cooperation_service::Cooperations(
                app.clone(),
            ))
            .max_decoding_message_size(kit::MESSAGE_LIMIT),
        )
        .add_service(
            ProjectCallServiceServer::new(grpc::offer::project_call_service::ProjectCalls(
                app.clone(),
            ))
            .max_decoding_message_size(kit::MESSAGE_LIMIT),
        )
        .add_service(
            WaitingListServiceServer::new(grpc::offer::waiting_list_service::WaitingLists(
                app.clone(),
            ))
            .max_decoding_message_size(kit::MESSAGE_LIMIT),
        )
        .add_service(
            FundingServiceServer::new(grpc::offer::funding_service::Fundings(app.clone()))
                .max_decoding_message_size(kit::MESSAGE_LIMIT),
        )
        .add_service(
            IndicatorServiceServer::new(grpc::indicators::Indicators(app))
                .max_decoding_message_size(app::receive_batches::MESSAGE_LIMIT_BYTES),
        );
    Ok(routes.routes())
}
