//! The contracts and targets services as a campaign asks them, answering from memory: what is measured is the
//! campaign, not its neighbours.

use std::{pin::Pin, sync::Arc};

use futures::{Stream, stream};
use prost::Name;
use proto::{
    contracts::v1::ContractInForce,
    history::v1::{
        self as history,
        history_service_server::{HistoryService, HistoryServiceServer},
    },
    targets::v1::{
        self as targets,
        case_mix_service_server::{CaseMixService, CaseMixServiceServer},
        indicator_service_server::{IndicatorService, IndicatorServiceServer},
    },
    types::v1::Unit,
};
use serde_json::json;
use tonic::{Request, Response, Status, transport::Server};

pub(super) const REGION: &str = "93";
pub(super) const YEAR: i32 = 2024;

/// What every objective is compared with.
pub(super) const TARGET: u32 = 1_000;
/// One objective in ten is missed.
const MISSED_EACH: u32 = 10;

/// What the objective at this place realised.
pub(super) fn realised(place: u32) -> u32 {
    if place.is_multiple_of(MISSED_EACH) {
        800
    } else {
        1_010
    }
}

/// A contract and its target set.
#[derive(Debug, Clone)]
pub(super) struct Contract {
    pub(super) name: String,
    target_set: String,
}

/// What the two services hold.
#[derive(Debug)]
pub(super) struct Peers {
    contracts: Vec<Contract>,
    objectives: u32,
}

type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

impl Peers {
    /// Holds as many contracts, each with as many objectives, and answers at an address of its own.
    pub(super) fn start(contracts: u32, objectives: u32) -> anyhow::Result<String> {
        let contract = |_| Contract {
            name: format!("contracts/{}", kernel::new_id()),
            target_set: format!("targetSets/{}", kernel::new_id()),
        };
        let peers = Arc::new(Self {
            contracts: (0..contracts).map(contract).collect(),
            objectives,
        });
        let port = cpom_tests::suite::free_port()?;
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], port));
        let server = Server::builder()
            .add_service(HistoryServiceServer::new(Answering(Arc::clone(&peers))))
            .add_service(IndicatorServiceServer::new(Answering(Arc::clone(&peers))))
            .add_service(CaseMixServiceServer::new(Answering(peers)))
            .serve(address);
        tokio::spawn(server);
        Ok(format!("http://{address}"))
    }

    fn in_force(&self, place: usize) -> Option<history::Event> {
        let contract = self.contracts.get(place)?;
        let message = ContractInForce {
            region: REGION.to_owned(),
            number: format!("93-{place:04}"),
            legal_entities: vec!["130786049".to_owned()],
            effect_date: "2022-01-01".to_owned(),
            end_date: "2026-12-31".to_owned(),
            target_set: contract.target_set.clone(),
            ..Default::default()
        };
        event(&contract.name, &contract.name, &message)
    }

    fn in_effect(&self, contract: &Contract) -> Option<history::Event> {
        let message = targets::TargetSetInEffect {
            region: REGION.to_owned(),
            contract: contract.name.clone(),
            effect_date: "2022-01-01".to_owned(),
            end_date: "2026-12-31".to_owned(),
            objectives: (0..self.objectives).map(objective).collect(),
            ..Default::default()
        };
        event(&contract.target_set, &contract.name, &message)
    }

    fn realisation(&self, contract: &Contract) -> targets::ContractRealisation {
        targets::ContractRealisation {
            contract: contract.name.clone(),
            target_set: contract.target_set.clone(),
            objectives: (0..self.objectives).map(objective_realisation).collect(),
        }
    }
}

fn objective(place: u32) -> targets::Objective {
    targets::Objective {
        id: format!("stays-{place}"),
        title: format!("Séjours du site {place}"),
        kind: targets::ObjectiveKind::Quantified.into(),
        subject: "130786049".to_owned(),
        indicator: "MCO_STAYS".to_owned(),
        unit: Unit::Stays.into(),
        yearly: vec![targets::YearlyTarget {
            year: YEAR,
            point: TARGET.to_string(),
            band: None,
        }],
        opposable: true,
        penalty_eligible: true,
        ..Default::default()
    }
}

fn objective_realisation(place: u32) -> targets::ObjectiveRealisation {
    let value = realised(place).to_string();
    targets::ObjectiveRealisation {
        objective: format!("stays-{place}"),
        state: targets::RealisedState::Exact.into(),
        value: value.clone(),
        inputs: vec![targets::RealisedInput {
            subject: "130786049".to_owned(),
            indicator: "MCO_STAYS".to_owned(),
            period: YEAR.to_string(),
            value,
            submission: "submissions/0198c0de-0000-7000-8000-000000000009".to_owned(),
            sequence: 3,
            receive_time: None,
        }],
        ..Default::default()
    }
}

/// The first event of an aggregate.
fn event<M: prost::Message + Name>(
    aggregate: &str,
    root: &str,
    message: &M,
) -> Option<history::Event> {
    let id = kernel::new_id();
    let canonical = json!({
        "specversion": "1.0",
        "id": id,
        "type": M::full_name(),
        "subject": aggregate,
        "time": "2024-01-01T00:00:00Z",
        "aggregateversion": "1",
        "root": root,
        "region": REGION,
        "actor": "service:owner",
        "data": proto::json::to_value(message, false).ok()?,
    });
    Some(history::Event {
        id: id.to_string(),
        r#type: M::full_name(),
        aggregate: aggregate.to_owned(),
        version: 1,
        root: root.to_owned(),
        region: REGION.to_owned(),
        canonical: serde_json::to_vec(&canonical).ok()?,
        ..Default::default()
    })
}

#[derive(Debug)]
struct Answering(Arc<Peers>);

#[tonic::async_trait]
impl HistoryService for Answering {
    async fn list_events(
        &self,
        request: Request<history::ListEventsRequest>,
    ) -> Result<Response<history::ListEventsResponse>, Status> {
        let request = request.into_inner();
        let from: usize = request.page_token.parse().unwrap_or(0);
        let size = usize::try_from(request.page_size).unwrap_or(0);
        let until = (from + size).min(self.0.contracts.len());
        let next = if until < self.0.contracts.len() {
            until.to_string()
        } else {
            String::new()
        };
        Ok(Response::new(history::ListEventsResponse {
            events: (from..until)
                .filter_map(|place| self.0.in_force(place))
                .collect(),
            next_page_token: next,
            ..Default::default()
        }))
    }

    type StreamEventsStream = Answers<history::Event>;

    async fn stream_events(
        &self,
        request: Request<history::StreamEventsRequest>,
    ) -> Result<Response<Self::StreamEventsStream>, Status> {
        let events: Vec<_> = match request.into_inner().aggregate_kind.as_str() {
            "contract" => (0..self.0.contracts.len())
                .filter_map(|place| self.0.in_force(place).map(Ok))
                .collect(),
            "target_set" => self
                .0
                .contracts
                .iter()
                .filter_map(|contract| self.0.in_effect(contract).map(Ok))
                .collect(),
            _ => Vec::new(),
        };
        Ok(Response::new(Box::pin(stream::iter(events))))
    }
}

fn not_asked<T>() -> Result<Response<T>, Status> {
    Err(Status::unimplemented("a campaign does not ask this"))
}

#[tonic::async_trait]
impl IndicatorService for Answering {
    type StreamRealisationsStream = Answers<targets::ContractRealisation>;

    async fn stream_realisations(
        &self,
        request: Request<targets::StreamRealisationsRequest>,
    ) -> Result<Response<Self::StreamRealisationsStream>, Status> {
        let asked = request.into_inner().contracts;
        let peers = Arc::clone(&self.0);
        let known: std::collections::HashMap<&str, &Contract> = peers
            .contracts
            .iter()
            .map(|contract| (contract.name.as_str(), contract))
            .collect();
        let answers: Vec<_> = asked
            .iter()
            .filter_map(|name| known.get(name.as_str()))
            .map(|contract| Ok(peers.realisation(contract)))
            .collect();
        Ok(Response::new(Box::pin(stream::iter(answers))))
    }

    type SubmitIndicatorsStream = Answers<targets::SubmitIndicatorsResponse>;

    async fn submit_indicators(
        &self,
        _: Request<tonic::Streaming<targets::SubmitIndicatorsRequest>>,
    ) -> Result<Response<Self::SubmitIndicatorsStream>, Status> {
        not_asked()
    }

    async fn get_submission(
        &self,
        _: Request<targets::GetSubmissionRequest>,
    ) -> Result<Response<targets::Submission>, Status> {
        not_asked()
    }

    async fn list_submissions(
        &self,
        _: Request<targets::ListSubmissionsRequest>,
    ) -> Result<Response<targets::ListSubmissionsResponse>, Status> {
        not_asked()
    }

    async fn list_rejected_values(
        &self,
        _: Request<targets::ListRejectedValuesRequest>,
    ) -> Result<Response<targets::ListRejectedValuesResponse>, Status> {
        not_asked()
    }

    async fn list_indicator_values(
        &self,
        _: Request<targets::ListIndicatorValuesRequest>,
    ) -> Result<Response<targets::ListIndicatorValuesResponse>, Status> {
        not_asked()
    }
}

/// No PMSI data were imported.
#[tonic::async_trait]
impl CaseMixService for Answering {
    async fn get_case_mix_version(
        &self,
        _: Request<targets::GetCaseMixVersionRequest>,
    ) -> Result<Response<targets::CaseMixVersion>, Status> {
        Ok(Response::new(targets::CaseMixVersion::default()))
    }

    async fn import_case_mix(
        &self,
        _: Request<tonic::Streaming<targets::ImportCaseMixRequest>>,
    ) -> Result<Response<targets::CaseMixReport>, Status> {
        not_asked()
    }

    async fn get_case_mix_import(
        &self,
        _: Request<targets::GetCaseMixImportRequest>,
    ) -> Result<Response<targets::CaseMixImport>, Status> {
        not_asked()
    }

    async fn list_case_mix_imports(
        &self,
        _: Request<targets::ListCaseMixImportsRequest>,
    ) -> Result<Response<targets::ListCaseMixImportsResponse>, Status> {
        not_asked()
    }

    async fn list_case_mix_figures(
        &self,
        _: Request<targets::ListCaseMixFiguresRequest>,
    ) -> Result<Response<targets::ListCaseMixFiguresResponse>, Status> {
        not_asked()
    }
}
