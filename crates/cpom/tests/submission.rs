//! Submitting over connections that break, against a small service that counts what it made durable.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use cpom::{
    client::Suite,
    stack::{Service, Stack},
    submission::{Batch, Batcher, stream::send},
};
use indicatif::ProgressBar;
use proto::targets::v1::{
    BatchAcknowledged, ContractRealisation, GetSubmissionRequest, IndicatorValue,
    ListIndicatorValuesRequest, ListIndicatorValuesResponse, ListRejectedValuesRequest,
    ListRejectedValuesResponse, ListSubmissionsRequest, ListSubmissionsResponse, OpenSubmission,
    RejectedValue, StreamRealisationsRequest, Submission, SubmissionOpened,
    SubmitIndicatorsRequest, SubmitIndicatorsResponse,
    indicator_service_server::{IndicatorService, IndicatorServiceServer},
};
use tokio::{net::TcpListener, sync::mpsc};
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tonic::{Request, Response, Status, Streaming};

/// What is durable, and how the connections are going to break.
#[derive(Default)]
struct Durable {
    /// Values of each batch. Receiving one twice is a failure of the test.
    batches: BTreeMap<i64, usize>,
    /// Of each connection to come: after so many messages it breaks, before the last of them is
    /// acknowledged.
    breaks: Vec<usize>,
    refuse: Option<Status>,
    connections: usize,
}

#[derive(Clone, Default)]
struct Fixture(Arc<Mutex<Durable>>);

type Answers = ReceiverStream<Result<SubmitIndicatorsResponse, Status>>;

#[tonic::async_trait]
impl IndicatorService for Fixture {
    type SubmitIndicatorsStream = Answers;
    type StreamRealisationsStream = ReceiverStream<Result<ContractRealisation, Status>>;

    async fn submit_indicators(
        &self,
        request: Request<Streaming<SubmitIndicatorsRequest>>,
    ) -> Result<Response<Answers>, Status> {
        let mut messages = request.into_inner();
        let (answers, outgoing) = mpsc::channel(100);
        let fixture = self.clone();
        tokio::spawn(async move {
            let mut left = {
                let mut durable = fixture.0.lock().unwrap();
                durable.connections += 1;
                (!durable.breaks.is_empty()).then(|| durable.breaks.remove(0))
            };
            while let Ok(Some(message)) = messages.message().await {
                let answer = fixture.receive(message);
                left = left.map(|left| left - 1);
                if left == Some(0) {
                    // The batch is durable, and its acknowledgement is lost.
                    let _ = answers.send(Err(Status::unavailable("cut"))).await;
                    return;
                }
                let _ = answers.send(answer).await;
            }
        });
        Ok(Response::new(ReceiverStream::new(outgoing)))
    }

    async fn get_submission(
        &self,
        _: Request<GetSubmissionRequest>,
    ) -> Result<Response<Submission>, Status> {
        Err(Status::unimplemented("not asked here"))
    }

    async fn list_submissions(
        &self,
        _: Request<ListSubmissionsRequest>,
    ) -> Result<Response<ListSubmissionsResponse>, Status> {
        Err(Status::unimplemented("not asked here"))
    }

    async fn list_rejected_values(
        &self,
        _: Request<ListRejectedValuesRequest>,
    ) -> Result<Response<ListRejectedValuesResponse>, Status> {
        Err(Status::unimplemented("not asked here"))
    }

    async fn list_indicator_values(
        &self,
        _: Request<ListIndicatorValuesRequest>,
    ) -> Result<Response<ListIndicatorValuesResponse>, Status> {
        Err(Status::unimplemented("not asked here"))
    }

    async fn stream_realisations(
        &self,
        _: Request<StreamRealisationsRequest>,
    ) -> Result<Response<Self::StreamRealisationsStream>, Status> {
        Err(Status::unimplemented("not asked here"))
    }
}

impl Fixture {
    fn receive(
        &self,
        message: SubmitIndicatorsRequest,
    ) -> Result<SubmitIndicatorsResponse, Status> {
        let mut durable = self.0.lock().unwrap();
        if let Some(refusal) = durable.refuse.clone() {
            return Err(refusal);
        }
        let last_sequence = durable.batches.keys().last().copied().unwrap_or(0);
        let Some(batch) = message.batch else {
            let opened = Some(SubmissionOpened { last_sequence });
            return Ok(SubmitIndicatorsResponse {
                opened,
                acknowledged: None,
            });
        };
        assert_eq!(
            batch.sequence,
            last_sequence + 1,
            "no gap and nothing twice"
        );
        durable.batches.insert(batch.sequence, batch.values.len());
        let wrong = RejectedValue {
            index: 1,
            reason: "NEGATIVE_VALUE".into(),
            ..Default::default()
        };
        let acknowledged = BatchAcknowledged {
            sequence: batch.sequence,
            accepted: i64::try_from(batch.values.len()).unwrap() - 1,
            rejected: vec![wrong],
            already_received: false,
        };
        Ok(SubmitIndicatorsResponse {
            opened: None,
            acknowledged: Some(acknowledged),
        })
    }

    async fn client(
        &self,
    ) -> proto::targets::v1::indicator_service_client::IndicatorServiceClient<cpom::client::Link>
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let service = IndicatorServiceServer::new(self.clone());
        tokio::spawn(
            tonic::transport::Server::builder()
                .add_service(service)
                .serve_with_incoming(TcpListenerStream::new(listener)),
        );
        let stack: Stack = serde_json::from_value(serde_json::json!({"targets": url})).unwrap();
        let suite = Suite::connect(&stack, &[Service::Targets]).await.unwrap();
        suite.session("token").unwrap().indicators()
    }
}

/// Ten rows a batch; row `n` is line `n + 1` of its file.
fn source(batches: usize) -> mpsc::Receiver<Batch> {
    let (sender, receiver) = mpsc::channel(2);
    tokio::spawn(async move {
        let mut cutter = Batcher::new(10);
        for line in 2..2 + 10 * batches as u64 {
            if let Some(batch) = cutter.push(line, IndicatorValue::default())
                && sender.send(batch).await.is_err()
            {
                return;
            }
        }
    });
    receiver
}

fn open() -> OpenSubmission {
    OpenSubmission {
        submission_id: "x".into(),
        region: "93".into(),
        source: "test".into(),
    }
}

#[tokio::test]
async fn every_batch_is_durable_once_however_often_the_stream_breaks() {
    let fixture = Fixture::default();
    // The opening counts as a message: 1 breaks before the first batch.
    fixture.0.lock().unwrap().breaks = vec![1, 4, 2, 10];
    let sent = send(
        fixture.client().await,
        open(),
        source(40),
        &ProgressBar::hidden(),
    )
    .await
    .unwrap();
    let durable = fixture.0.lock().unwrap();
    assert_eq!(durable.batches.len(), 40);
    assert_eq!(durable.batches.values().sum::<usize>(), 400);
    assert_eq!((durable.connections, sent.reconnections), (5, 4));
    // What was acknowledged or learnt to be durable, and what was refused, is every row.
    assert_eq!(
        sent.accepted + sent.already_received + sent.rejections.count,
        400
    );
    assert!(
        sent.already_received >= 20,
        "two acknowledgements were lost"
    );
}

#[tokio::test]
async fn a_program_that_starts_again_sends_only_what_is_missing() {
    let fixture = Fixture::default();
    let client = fixture.client().await;
    send(client.clone(), open(), source(3), &ProgressBar::hidden())
        .await
        .unwrap();
    let sent = send(client, open(), source(5), &ProgressBar::hidden())
        .await
        .unwrap();
    assert_eq!((sent.already_received, sent.accepted), (30, 18));
    let lines: Vec<u64> = sent.rejections.first.iter().map(|row| row.line).collect();
    assert_eq!(
        lines,
        [33, 43],
        "refused rows are told by their line in the file"
    );
}

#[tokio::test]
async fn a_refused_submission_stops_at_once_with_the_reason() {
    let fixture = Fixture::default();
    fixture.0.lock().unwrap().refuse = Some(Status::permission_denied("not yours"));
    let refused = send(
        fixture.client().await,
        open(),
        source(40),
        &ProgressBar::hidden(),
    )
    .await;
    assert_eq!(refused.unwrap_err().code(), tonic::Code::PermissionDenied);
    assert_eq!(fixture.0.lock().unwrap().connections, 1);
}
