//! A running service, a contracts service that only publishes, and clients.

use prost::{Message, Name};
use proto::{
    contracts::v1::{ContractContent, ContractDrafted, ContractInForce, ContractText},
    history::v1::{Event, ListEventsRequest, history_service_client::HistoryServiceClient},
    targets::v1::{
        AgreeToTargetSetRequest, BatchAcknowledged, ContractRealisation, CreateTargetSetRequest,
        IndicatorBatch, IndicatorValue, Objective, ObjectiveKind, OpenSubmission,
        StreamRealisationsRequest, SubmitIndicatorsRequest, SubmitIndicatorsResponse, TargetSet,
        YearlyTarget, indicator_service_client::IndicatorServiceClient, indicator_value::Content,
        target_set_service_client::TargetSetServiceClient,
    },
    types::v1::Unit,
};
use rpc::client::Peer;
use serde_json::json;
use testkit::{Persona, Setup, TestService, eventually, request_id};
use time::OffsetDateTime;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};
use uuid::Uuid;

pub(crate) const ENTITY: &str = "130786049";
pub(crate) const SITE: &str = "010000040";
pub(crate) const OTHER_ENTITY: &str = "590782637";
pub(crate) const OTHER_SITE: &str = "750712184";

pub(crate) struct World {
    pub(crate) service: TestService,
}

/// A contract as the contracts service would tell of it.
#[derive(Debug, Clone)]
pub(crate) struct Contract {
    pub(crate) id: Uuid,
    pub(crate) entity: &'static str,
    pub(crate) site: &'static str,
    pub(crate) effect_date: &'static str,
    pub(crate) end_date: &'static str,
    /// Codes of the départements whose councils sign it.
    pub(crate) councils: &'static [&'static str],
}

impl Contract {
    /// 2024 to 2028, of [`ENTITY`] with [`SITE`].
    pub(crate) fn new() -> Self {
        Self {
            id: kernel::new_id(),
            entity: ENTITY,
            site: SITE,
            effect_date: "2024-01-01",
            end_date: "2028-12-31",
            councils: &[],
        }
    }

    pub(crate) fn of(entity: &'static str, site: &'static str) -> Self {
        Self {
            entity,
            site,
            ..Self::new()
        }
    }

    pub(crate) fn name(&self) -> String {
        format!("contracts/{}", self.id)
    }

    pub(crate) fn text(&self) -> ContractText {
        ContractText {
            title: "CPOM".to_owned(),
            legal_entities: vec![format!("legalEntities/{}", self.entity)],
            establishments: vec![format!("establishments/{}", self.site)],
            effect_date: self.effect_date.to_owned(),
            end_date: self.end_date.to_owned(),
            content: (!self.councils.is_empty()).then(|| ContractContent {
                departmental_councils: self
                    .councils
                    .iter()
                    .map(|code| format!("departments/{code}"))
                    .collect(),
                ..Default::default()
            }),
            ..Default::default()
        }
    }
}

pub(crate) fn contract_manager() -> Persona {
    Persona::human("contract_manager").region("93")
}

pub(crate) fn manager() -> Persona {
    Persona::human("manager").region("93")
}

pub(crate) fn director_general() -> Persona {
    Persona::human("director_general").region("93")
}

pub(crate) fn director(finess: &str) -> Persona {
    Persona::human("establishment_director")
        .region("93")
        .finess(finess)
}

pub(crate) fn system(finess: &str) -> Persona {
    Persona::system("establishment_system")
        .region("93")
        .finess(finess)
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::within(Setup::new().await).await
    }

    /// A world whose clock the test moves.
    pub(crate) async fn starting_at(now: OffsetDateTime) -> Self {
        Self::within(Setup::starting_at(now).await).await
    }

    async fn within(setup: Setup) -> Self {
        let service = TestService::within(setup, &targets::DEFINITION, targets::start).await;
        service
            .running
            .runtime
            .bus
            .ensure_stream("contracts")
            .await
            .unwrap();
        Self { service }
    }

    pub(crate) fn target_sets(&self, persona: &Persona) -> TargetSetServiceClient<Peer> {
        TargetSetServiceClient::new(self.service.peer(persona))
    }

    pub(crate) fn indicators(&self, persona: &Persona) -> IndicatorServiceClient<Peer> {
        IndicatorServiceClient::new(self.service.peer(persona))
    }

    /// Publishes an event of a contract, as the relay of the contracts service does.
    pub(crate) async fn tell<M: Message + Name>(
        &self,
        contract: &Contract,
        version: i64,
        event: &M,
    ) {
        let name = contract.name();
        self.tell_of(("contract", &name), contract, version, event)
            .await;
    }

    /// Publishes an event of what belongs to a contract.
    pub(crate) async fn tell_of<M: Message + Name>(
        &self,
        (kind, aggregate): (&str, &str),
        contract: &Contract,
        version: i64,
        event: &M,
    ) {
        let envelope = json!({
            "specversion": "1.0",
            "id": kernel::new_id(),
            "source": "/cpom/contracts",
            "type": M::full_name(),
            "subject": aggregate,
            "time": "2024-01-01T00:00:00Z",
            "datacontenttype": "application/json",
            "aggregatekind": kind,
            "aggregateversion": version.to_string(),
            "root": contract.name(),
            "region": "93",
            "actor": "contract_manager-1",
            "actorkind": "human",
            "actorrole": "contract_manager",
            "data": proto::json::to_value(event, false).unwrap(),
        });
        let subject = store::subject(kind, aggregate, &M::full_name());
        let bus = &self.service.running.runtime.bus;
        let body = serde_json::to_vec(&envelope).unwrap();
        bus.context()
            .publish(subject, body.into())
            .await
            .unwrap()
            .await
            .unwrap();
    }

    pub(crate) async fn drafted(&self, contract: &Contract) {
        let event = ContractDrafted {
            region: "93".to_owned(),
            number: "93-2024-0001".to_owned(),
            legal_regime: "R2020_2025".to_owned(),
            text: Some(contract.text()),
        };
        self.tell(contract, 1, &event).await;
    }

    /// The contract takes effect with this set, as its event of this version.
    pub(crate) async fn in_force(&self, contract: &Contract, version: i64, target_set: &str) {
        let text = contract.text();
        let event = ContractInForce {
            region: "93".to_owned(),
            number: "93-2024-0001".to_owned(),
            legal_entities: text.legal_entities,
            establishments: text.establishments,
            effect_date: text.effect_date,
            end_date: text.end_date,
            target_set: target_set.to_owned(),
            departmental_councils: text.content.unwrap_or_default().departmental_councils,
        };
        self.tell(contract, version, &event).await;
    }

    /// Creates a set, as soon as the contract is known.
    pub(crate) async fn create(
        &self,
        contract: &Contract,
        objectives: Vec<Objective>,
    ) -> TargetSet {
        let request = CreateTargetSetRequest {
            contract: contract.name(),
            objectives,
            note: String::new(),
            request_id: request_id(),
            ..Default::default()
        };
        eventually("the contract is known", || async {
            match self
                .target_sets(&contract_manager())
                .create_target_set(request.clone())
                .await
            {
                Ok(set) => Some(set.into_inner()),
                Err(status) => {
                    assert_eq!(
                        testkit::reason(&status),
                        "CONTRACT_NOT_KNOWN_YET",
                        "{status}"
                    );
                    None
                }
            }
        })
        .await
    }

    pub(crate) async fn agree(
        &self,
        persona: &Persona,
        set: &TargetSet,
    ) -> Result<TargetSet, Status> {
        let request = AgreeToTargetSetRequest {
            name: set.name.clone(),
            etag: set.etag.clone(),
            request_id: request_id(),
        };
        Ok(self
            .target_sets(persona)
            .agree_to_target_set(request)
            .await?
            .into_inner())
    }

    /// A contract in force with these objectives; returns the name of its set.
    pub(crate) async fn contract_in_force(
        &self,
        contract: &Contract,
        objectives: Vec<Objective>,
    ) -> String {
        self.drafted(contract).await;
        let set = self.create(contract, objectives).await;
        let set = self.agree(&contract_manager(), &set).await.unwrap();
        let set = self.agree(&director(contract.entity), &set).await.unwrap();
        self.in_force(contract, 2, &set.name).await;
        self.wait_for_state(&set.name, proto::targets::v1::TargetSetState::InEffect)
            .await;
        set.name
    }

    pub(crate) async fn wait_for_state(
        &self,
        set: &str,
        state: proto::targets::v1::TargetSetState,
    ) -> TargetSet {
        let request = proto::targets::v1::GetTargetSetRequest {
            name: set.to_owned(),
        };
        eventually("the set follows its contract", || async {
            let mut client = self.target_sets(&contract_manager());
            let set = client
                .get_target_set(request.clone())
                .await
                .unwrap()
                .into_inner();
            (set.state() == state).then_some(set)
        })
        .await
    }

    /// Opens a submission and returns the stream and the last durable batch.
    pub(crate) async fn open(
        &self,
        persona: &Persona,
        submission: Uuid,
    ) -> Result<(Submission, i64), Status> {
        Submission::open(self.indicators(persona), submission).await
    }

    /// Submits one batch to a submission of its own.
    pub(crate) async fn submit(
        &self,
        persona: &Persona,
        values: Vec<IndicatorValue>,
    ) -> BatchAcknowledged {
        let (mut stream, _) = self.open(persona, kernel::new_id()).await.unwrap();
        stream.send(1, values).await;
        stream.acknowledgement().await.unwrap()
    }

    pub(crate) async fn realisations(
        &self,
        request: StreamRealisationsRequest,
    ) -> Vec<ContractRealisation> {
        let mut client = self.indicators(&Persona::service());
        let mut stream = client
            .stream_realisations(request)
            .await
            .unwrap()
            .into_inner();
        let mut all = Vec::new();
        while let Some(realisation) = stream.message().await.unwrap() {
            all.push(realisation);
        }
        all
    }

    /// What the service has understood of a contract so far.
    pub(crate) async fn contract_state(&self, contract: &Contract) -> String {
        let mut owner = self.service.database.owner().await;
        sqlx::query_scalar("select state from contract_copy where id = $1")
            .bind(contract.id)
            .fetch_one(&mut owner)
            .await
            .unwrap()
    }

    /// The sites of a contract as the service knows them.
    pub(crate) async fn contract_sites(&self, contract: &Contract) -> Vec<String> {
        let mut owner = self.service.database.owner().await;
        sqlx::query_scalar("select establishments from contract_copy where id = $1")
            .bind(contract.id)
            .fetch_one(&mut owner)
            .await
            .unwrap()
    }

    /// The history of one aggregate, oldest first.
    pub(crate) async fn history(&self, aggregate: &str) -> Vec<Event> {
        let auditor = Persona::human("auditor").region("*");
        let mut client = HistoryServiceClient::new(self.service.peer(&auditor));
        let request = ListEventsRequest {
            aggregate: aggregate.to_owned(),
            page_size: 200,
            ..Default::default()
        };
        client
            .list_events(request)
            .await
            .unwrap()
            .into_inner()
            .events
    }
}

/// A pilot objective on the stays of a subject.
pub(crate) fn stays(id: &str, subject: &str) -> Objective {
    Objective {
        id: id.to_owned(),
        title: "Séjours hors séances".to_owned(),
        kind: ObjectiveKind::Pilot.into(),
        subject: subject.to_owned(),
        indicator: "MCO_STAYS".to_owned(),
        unit: Unit::Stays.into(),
        yearly: vec![YearlyTarget {
            year: 2024,
            point: "1200".to_owned(),
            band: None,
        }],
        ..Default::default()
    }
}

/// A value of [`SITE`].
pub(crate) fn value(indicator: &str, period: &str, content: Content) -> IndicatorValue {
    IndicatorValue {
        subject: SITE.to_owned(),
        indicator: indicator.to_owned(),
        period: period.to_owned(),
        content: Some(content),
    }
}

pub(crate) fn number(text: &str) -> Content {
    Content::Value(text.to_owned())
}

/// An open stream of batches.
pub(crate) struct Submission {
    requests: mpsc::Sender<SubmitIndicatorsRequest>,
    answers: Streaming<SubmitIndicatorsResponse>,
}

impl Submission {
    pub(crate) async fn open(
        mut client: IndicatorServiceClient<Peer>,
        submission: Uuid,
    ) -> Result<(Self, i64), Status> {
        let (requests, receiver) = mpsc::channel(64);
        let answers = client
            .submit_indicators(ReceiverStream::new(receiver))
            .await?
            .into_inner();
        let mut stream = Self { requests, answers };
        let open = OpenSubmission {
            submission_id: submission.to_string(),
            region: "93".to_owned(),
            source: "test.csv".to_owned(),
        };
        stream
            .send_message(SubmitIndicatorsRequest {
                open: Some(open),
                batch: None,
            })
            .await;
        let opened = stream.answer().await?.opened.unwrap();
        Ok((stream, opened.last_sequence))
    }

    pub(crate) async fn send(&mut self, sequence: i64, values: Vec<IndicatorValue>) {
        let batch = Some(IndicatorBatch { sequence, values });
        self.send_message(SubmitIndicatorsRequest { open: None, batch })
            .await;
    }

    pub(crate) async fn send_message(&mut self, message: SubmitIndicatorsRequest) {
        // A stream that the server has ended takes nothing more; its last answer says why.
        let _ = self.requests.send(message).await;
    }

    pub(crate) async fn answer(&mut self) -> Result<SubmitIndicatorsResponse, Status> {
        self.answers
            .message()
            .await?
            .ok_or_else(|| Status::unknown("the stream ended"))
    }

    pub(crate) async fn acknowledgement(&mut self) -> Result<BatchAcknowledged, Status> {
        Ok(self.answer().await?.acknowledged.unwrap())
    }
}
