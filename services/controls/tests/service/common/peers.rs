//! The other side of the wire: a gRPC server that answers what the contracts and targets services would be
//! asked by this one, from what a test put there. The real ones are met in the end-to-end tests.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use futures::{Stream, stream};
use kernel::new_id;
use prost::Name;
use proto::{
    history::v1::{
        self as history,
        history_service_server::{HistoryService, HistoryServiceServer},
    },
    targets::v1::{
        self as targets,
        case_mix_service_server::CaseMixServiceServer,
        indicator_service_server::{IndicatorService, IndicatorServiceServer},
    },
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status, transport::Server};

type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// An event as its owner stored it.
#[derive(Debug, Clone)]
pub(crate) struct OwnersEvent {
    pub(crate) kind: &'static str,
    pub(crate) subject: String,
    pub(crate) event: history::Event,
}

impl OwnersEvent {
    /// The event `version` of an aggregate.
    pub(crate) fn new<M: prost::Message + Name>(
        (kind, aggregate): (&'static str, &str),
        version: i64,
        (root, region): (&str, &str),
        message: &M,
    ) -> Self {
        Self::at(
            "2024-01-01T00:00:00Z",
            (kind, aggregate),
            version,
            (root, region),
            message,
        )
    }

    /// The same at an instant.
    pub(crate) fn at<M: prost::Message + Name>(
        time: &str,
        (kind, aggregate): (&'static str, &str),
        version: i64,
        (root, region): (&str, &str),
        message: &M,
    ) -> Self {
        let data = proto::json::to_value(message, false).unwrap();
        Self::named(
            time,
            &M::full_name(),
            (kind, aggregate),
            version,
            (root, region),
            &data,
        )
    }

    /// An event by its name and data.
    pub(crate) fn named(
        time: &str,
        event_type: &str,
        (kind, aggregate): (&'static str, &str),
        version: i64,
        (root, region): (&str, &str),
        data: &Value,
    ) -> Self {
        let id = new_id();
        let canonical = json!({
            "specversion": "1.0",
            "id": id,
            "type": event_type,
            "subject": aggregate,
            "time": time,
            "aggregateversion": version.to_string(),
            "root": root,
            "region": region,
            "actor": "service:owner",
            "data": data,
        });
        let event = history::Event {
            id: id.to_string(),
            r#type: event_type.to_owned(),
            aggregate: aggregate.to_owned(),
            version,
            root: root.to_owned(),
            region: region.to_owned(),
            canonical: serde_json::to_vec(&canonical).unwrap(),
            ..Default::default()
        };
        let subject = store::subject(kind, aggregate, event_type);
        Self {
            kind,
            subject,
            event,
        }
    }
}

/// What the other services hold, and how they behave.
#[derive(Debug)]
pub(crate) struct Peers {
    pub(crate) events: Mutex<Vec<OwnersEvent>>,
    pub(crate) realisations: Mutex<HashMap<String, targets::ContractRealisation>>,
    /// What was asked about realisations.
    pub(crate) asked: Mutex<Vec<targets::StreamRealisationsRequest>>,
    pub(crate) targets_away: AtomicBool,
    pub(crate) history_away: AtomicBool,
    /// The version of the PMSI data that is told.
    pub(crate) case_mix: Mutex<targets::CaseMixVersion>,
    /// What was asked about it.
    pub(crate) case_mix_asked: Mutex<Vec<targets::GetCaseMixVersionRequest>>,
    /// One permit is used up by each question about realisations.
    pub(crate) gate: Semaphore,
}

impl Peers {
    /// Starts answering, on a free port. Returns the address.
    pub(crate) async fn start() -> (Arc<Self>, String) {
        let peers = Arc::new(Self {
            events: Mutex::default(),
            realisations: Mutex::default(),
            asked: Mutex::default(),
            targets_away: AtomicBool::default(),
            history_away: AtomicBool::default(),
            case_mix: Mutex::default(),
            case_mix_asked: Mutex::default(),
            gate: Semaphore::new(100_000),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = Server::builder()
            .add_service(HistoryServiceServer::new(Answering(Arc::clone(&peers))))
            .add_service(IndicatorServiceServer::new(Answering(Arc::clone(&peers))))
            .add_service(CaseMixServiceServer::new(Answering(Arc::clone(&peers))))
            .serve_with_incoming(TcpListenerStream::new(listener));
        tokio::spawn(server);
        (peers, url)
    }
}

#[derive(Debug)]
pub(super) struct Answering(pub(super) Arc<Peers>);

pub(super) fn away(is_away: &AtomicBool) -> Result<(), Status> {
    if is_away.load(Ordering::SeqCst) {
        Err(Status::unavailable("away"))
    } else {
        Ok(())
    }
}

#[tonic::async_trait]
impl HistoryService for Answering {
    async fn list_events(
        &self,
        request: Request<history::ListEventsRequest>,
    ) -> Result<Response<history::ListEventsResponse>, Status> {
        away(&self.0.history_away)?;
        let request = request.into_inner();
        // A page of 2: the caller must follow the tokens.
        let from: usize = request.page_token.parse().unwrap_or(0);
        let events = self.0.events.lock().unwrap();
        let of_type: Vec<_> = events
            .iter()
            .filter(|e| e.event.r#type == request.r#type)
            .collect();
        let page = of_type
            .iter()
            .skip(from)
            .take(2)
            .map(|e| e.event.clone())
            .collect();
        let next = if from + 2 < of_type.len() {
            (from + 2).to_string()
        } else {
            String::new()
        };
        Ok(Response::new(history::ListEventsResponse {
            events: page,
            next_page_token: next,
            ..Default::default()
        }))
    }

    type StreamEventsStream = Answers<history::Event>;

    async fn stream_events(
        &self,
        request: Request<history::StreamEventsRequest>,
    ) -> Result<Response<Self::StreamEventsStream>, Status> {
        away(&self.0.history_away)?;
        let kind = request.into_inner().aggregate_kind;
        let events = self.0.events.lock().unwrap();
        let events: Vec<_> = events
            .iter()
            .filter(|e| e.kind == kind)
            .map(|e| Ok(e.event.clone()))
            .collect();
        Ok(Response::new(Box::pin(stream::iter(events))))
    }
}

pub(super) fn not_asked<T>() -> Result<Response<T>, Status> {
    Err(Status::unimplemented(
        "the controls service does not ask this",
    ))
}

#[tonic::async_trait]
impl IndicatorService for Answering {
    type StreamRealisationsStream = Answers<targets::ContractRealisation>;

    async fn stream_realisations(
        &self,
        request: Request<targets::StreamRealisationsRequest>,
    ) -> Result<Response<Self::StreamRealisationsStream>, Status> {
        let request = request.into_inner();
        self.0.asked.lock().unwrap().push(request.clone());
        self.0.gate.acquire().await.unwrap().forget();
        away(&self.0.targets_away)?;
        let realisations = self.0.realisations.lock().unwrap();
        let mut names = request.contracts;
        names.sort();
        let answers: Vec<_> = names
            .iter()
            .filter_map(|name| realisations.get(name).cloned().map(Ok))
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
