//! Contracts between a regional health agency and the entities of its region: their life cycle, the
//! human reviews that findings open, and what a person may propose after one.
//!
//! - [`domain`]: the rules; pure. Reviews have two doors, one for machines and one for people.
//! - [`app`]: one use case a file, the only place that opens a unit of work.
//! - [`store`]: all SQL. [`grpc`]: the wire. [`events`]: what is published and what is listened to.

pub mod app;
pub mod domain;
pub mod events;
pub mod grpc;
pub mod store;

use kit::{Definition, MESSAGE_LIMIT, Routes, RoutesBuilder, Runtime};
use objects::Objects;
use proto::{
    contracts::v1::{
        amendment_service_server::AmendmentServiceServer,
        attachment_service_server::AttachmentServiceServer,
        contract_service_server::ContractServiceServer,
        deadline_service_server::DeadlineServiceServer,
        delivery_consent_service_server::DeliveryConsentServiceServer,
        document_service_server::DocumentServiceServer,
        evidence_service_server::EvidenceServiceServer,
        follow_up_service_server::FollowUpServiceServer,
        mandate_service_server::MandateServiceServer,
        negotiation_service_server::NegotiationServiceServer,
        procedure_service_server::ProcedureServiceServer,
        programming_service_server::ProgrammingServiceServer,
        published_contract_service_server::PublishedContractServiceServer,
        regime_service_server::RegimeServiceServer, review_service_server::ReviewServiceServer,
        task_service_server::TaskServiceServer, term_service_server::TermServiceServer,
    },
    targets::v1::target_set_service_client::TargetSetServiceClient,
};
use sqlx::migrate::Migrator;
use typeset::Typesetter;

use crate::{
    app::{
        App, evidence,
        notices::{self, mailer::Mailer},
        time_passes,
    },
    events::consumed::{
        CAMPAIGNS, Campaigns, ESTABLISHMENTS, FINDINGS, Findings, LEGAL_ENTITIES, Registry,
    },
};

pub use crate::app::error::REASONS;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// What this service is.
pub static DEFINITION: Definition = Definition {
    name: "contracts",
    migrations: &MIGRATIONS,
    authorization: include_str!("../authorization.toml"),
};

/// The routes of the service; its consumers and its clock run beside them.
///
/// # Errors
/// When the address of the targets service is not configured, or that of the object store names none.
#[expect(clippy::unused_async, reason = "every service is started the same way")]
pub async fn start(runtime: Runtime) -> anyhow::Result<Routes> {
    runtime.consume(LEGAL_ENTITIES, Registry);
    runtime.consume(ESTABLISHMENTS, Registry);
    runtime.consume(CAMPAIGNS, Campaigns);
    runtime.consume(FINDINGS, Findings);
    let clock = time_passes::run(runtime.machine.clone(), runtime.tasks.stop());
    runtime.tasks.spawn("clock", clock);
    let mailer = Mailer::from_env()?;
    let notices = notices::run(runtime.machine.clone(), mailer, runtime.tasks.stop());
    runtime.tasks.spawn("notices", notices);

    let targets = TargetSetServiceClient::new(runtime.peer("targets")?);
    let app = App {
        db: runtime.db.clone(),
        targets,
        signing: evidence::provider(&runtime.config, runtime.clock.now())?,
        typesetter: Typesetter::beside_this_program()?,
        objects: Objects::open(&runtime.config.objects_url)?,
    };
    let mut routes = RoutesBuilder::default();
    routes.add_service(
        ContractServiceServer::new(grpc::Contracts(app.clone()))
            .max_decoding_message_size(MESSAGE_LIMIT),
    );
    routes.add_service(
        ReviewServiceServer::new(grpc::Reviews(app.clone()))
            .max_decoding_message_size(MESSAGE_LIMIT),
    );
    routes.add_service(
        ProcedureServiceServer::new(grpc::Procedures(app.clone()))
            .max_decoding_message_size(MESSAGE_LIMIT),
    );
    routes.add_service(
        ProgrammingServiceServer::new(grpc::Programmings(app.clone()))
            .max_decoding_message_size(MESSAGE_LIMIT),
    );
    routes.add_service(
        DeadlineServiceServer::new(grpc::Deadlines(app.clone()))
            .max_decoding_message_size(MESSAGE_LIMIT),
    );
    routes.add_service(
        DeliveryConsentServiceServer::new(grpc::DeliveryConsents(app.clone()))
            .max_decoding_message_size(MESSAGE_LIMIT),
    );
    routes.add_service(
        AttachmentServiceServer::new(grpc::Attachments(app.clone()))
            .max_decoding_message_size(MESSAGE_LIMIT),
    );
    routes.add_service(
        DocumentServiceServer::new(grpc::Documents(app.clone()))
            .max_decoding_message_size(MESSAGE_LIMIT),
    );
    routes.add_service(
        AmendmentServiceServer::new(grpc::Amendments(app.clone()))
            .max_decoding_message_size(MESSAGE_LIMIT),
    );
    routes.add_service(
        EvidenceServiceServer::new(grpc::Evidences(app.clone()))
            .max_decoding_message_size(MESSAGE_LIMIT),
    );
    routes.add_service(
        RegimeServiceServer::new(grpc::Regimes(app.clone()))
            .max_decoding_message_size(MESSAGE_LIMIT),
    );
    routes.add_service(
        NegotiationServiceServer::new(grpc::Negotiation(app.clone()))
            .max_decoding_message_size(MESSAGE_LIMIT),
    );
    routes.add_service(
        PublishedContractServiceServer::new(grpc::PublishedContracts(app.clone()))
            .max_decoding_message_size(MESSAGE_LIMIT),
    );
    routes.add_service(
        MandateServiceServer::new(grpc::Mandates(app.clone()))
            .max_decoding_message_size(MESSAGE_LIMIT),
    );
    routes.add_service(
        TaskServiceServer::new(grpc::Tasks(app.clone())).max_decoding_message_size(MESSAGE_LIMIT),
    );
    routes.add_service(
        TermServiceServer::new(grpc::Terms(app.clone())).max_decoding_message_size(MESSAGE_LIMIT),
    );
    routes.add_service(
        FollowUpServiceServer::new(grpc::FollowUp(app)).max_decoding_message_size(MESSAGE_LIMIT),
    );
    Ok(routes.routes())
}
