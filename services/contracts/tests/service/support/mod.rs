//! A running service, people, a registry, a control service and a targets service around it.

mod clients;
mod documents;
pub(crate) mod files;
mod flow;
mod history;
mod mailbox;
mod procedures;
mod producer;
mod review_history;
pub(crate) mod targets;

use contracts::{DEFINITION, start};
use kernel::new_id;
use proto::contracts::v1::{
    ContractText, RegisterMandateRequest, StrategicObjective,
    contract_service_client::ContractServiceClient,
    procedure_service_client::ProcedureServiceClient, review_service_client::ReviewServiceClient,
};
use rpc::client::Peer;
use testkit::{Persona, Setup, TestService, request_id};
use time::{Duration, OffsetDateTime, macros::datetime};

pub(crate) use documents::Shown;
pub(crate) use mailbox::Mailbox;
pub(crate) use producer::{Finding, Producer, ehpad};
use targets::FakeTargets;

/// The morning on which the tests begin.
pub(crate) const MORNING: OffsetDateTime = datetime!(2026-03-10 09:00 UTC);
pub(crate) const REGION: &str = "93";
/// A legal entity and two of its sites.
pub(crate) const ENTITY: &str = "130786049";
pub(crate) const SITE: &str = "130783293";
pub(crate) const OTHER_SITE: &str = "130784234";
/// Another legal entity of the region.
pub(crate) const OTHER_ENTITY: &str = "060785011";
pub(crate) const CONSULTED: &str = "Conseil de surveillance";

pub(crate) type Contracts = ContractServiceClient<Peer>;
pub(crate) type Reviews = ReviewServiceClient<Peer>;
pub(crate) type Procedures = ProcedureServiceClient<Peer>;

pub(crate) struct World {
    pub(crate) service: TestService,
    pub(crate) producer: Producer,
    pub(crate) targets: FakeTargets,
}

impl World {
    /// A service whose copy of the registry holds two legal entities and their sites.
    pub(crate) async fn new() -> Self {
        let mut setup = Setup::starting_at(MORNING).await;
        let producer = Producer::connect(&setup.nats.url()).await;
        let targets = FakeTargets::start().await;
        setup.peers.targets = Some(targets.url());
        let service = TestService::within(setup, &DEFINITION, start).await;
        let world = Self {
            service,
            producer,
            targets,
        };
        world.register().await;
        world
    }

    async fn register(&self) {
        self.producer.legal_entity(ENTITY, 1, true).await;
        self.producer.legal_entity(OTHER_ENTITY, 1, true).await;
        self.producer.establishment(SITE, ENTITY, REGION, 1).await;
        self.producer
            .establishment(OTHER_SITE, ENTITY, REGION, 1)
            .await;
        testkit::eventually("the registry is copied", || async {
            (self.count("select count(*) from establishment_copy").await == 2
                && self.count("select count(*) from legal_entity_copy").await == 2)
                .then_some(())
        })
        .await;
    }

    /// Looks behind the service's back.
    pub(crate) async fn count(&self, query: &'static str) -> i64 {
        let mut owner = self.service.database.owner().await;
        sqlx::query_scalar(query)
            .fetch_one(&mut owner)
            .await
            .unwrap()
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.service.setup.clock.advance(by);
    }

    pub(crate) fn contracts(&self, persona: &Persona) -> Contracts {
        ContractServiceClient::new(self.service.peer(persona))
    }

    pub(crate) fn reviews(&self, persona: &Persona) -> Reviews {
        ReviewServiceClient::new(self.service.peer(persona))
    }

    pub(crate) fn procedures(&self, persona: &Persona) -> Procedures {
        ProcedureServiceClient::new(self.service.peer(persona))
    }
}

pub(crate) fn contract_manager() -> Persona {
    Persona::human("contract_manager").region(REGION)
}

pub(crate) fn manager() -> Persona {
    Persona::human("manager").region(REGION)
}

pub(crate) fn director_general() -> Persona {
    Persona::human("director_general").region(REGION)
}

pub(crate) fn reviewer() -> Persona {
    Persona::human("reviewer").region(REGION)
}

pub(crate) fn director() -> Persona {
    Persona::human("establishment_director").finess(ENTITY)
}

pub(crate) fn stranger() -> Persona {
    Persona::human("establishment_director")
        .named("stranger")
        .finess(OTHER_ENTITY)
}

/// Who presides the council of a département.
pub(crate) fn president(department: &str) -> Persona {
    Persona::human("department_president")
        .named(&format!("president-{department}"))
        .region(REGION)
        .department(department)
}

/// An act that lets `subject` sign for a party since January, published in January.
pub(crate) fn mandate(party: &str, subject: &str) -> RegisterMandateRequest {
    RegisterMandateRequest {
        region: REGION.into(),
        party: party.into(),
        subject: subject.into(),
        title: "Directeur délégué".into(),
        act: "Arrêté du 2 janvier 2026, RAA R93-2026-041".into(),
        publication_date: "2026-01-02".into(),
        valid_from: "2026-01-01".into(),
        valid_to: String::new(),
        request_id: request_id(),
        matters: vec![],
        contract: String::new(),
    }
}

pub(crate) fn auditor() -> Persona {
    Persona::human("auditor").region("*")
}

/// A text over `sites` with one objective, from April 2026 to March 2031.
pub(crate) fn text(sites: &[&str]) -> ContractText {
    ContractText {
        title: "CPOM 2026-2031".into(),
        legal_entities: vec![format!("legalEntities/{ENTITY}")],
        establishments: sites
            .iter()
            .map(|site| format!("establishments/{site}"))
            .collect(),
        effect_date: "2026-04-01".into(),
        end_date: "2031-03-31".into(),
        objectives: objectives(1),
        consultations: vec![CONSULTED.into()],
        content: None,
    }
}

pub(crate) fn objectives(count: usize) -> Vec<StrategicObjective> {
    let objective = |rank: usize| StrategicObjective {
        axis: "A".into(),
        title: "Développer la chirurgie ambulatoire".into(),
        description: String::new(),
        code: format!("O{rank}"),
        competence: None,
    };
    (1..=count).map(objective).collect()
}

pub(crate) fn campaign() -> String {
    format!("campaigns/{}", new_id())
}
