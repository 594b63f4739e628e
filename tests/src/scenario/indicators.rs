//! Submitting what was done.

use anyhow::Context as _;
use kernel::Finess;
use proto::targets::v1::{
    BatchAcknowledged, IndicatorBatch, IndicatorValue, OpenSubmission, SubmitIndicatorsRequest,
    SubmitIndicatorsResponse, indicator_value::Content,
};
use rpc::client::Peer;
use testkit::Persona;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;

use super::{Scenario, Trace};
use proto::targets::v1::indicator_service_client::IndicatorServiceClient;

/// Stays of a site in a year.
pub fn stays(site: Finess, year: i32, count: i64) -> IndicatorValue {
    value(site, "MCO_STAYS", year, count)
}

/// Imaging devices of a site in a year.
pub fn devices(site: Finess, year: i32, count: i64) -> IndicatorValue {
    value(site, "IMAGING_DEVICES", year, count)
}

fn value(subject: Finess, indicator: &str, year: i32, count: i64) -> IndicatorValue {
    IndicatorValue {
        subject: subject.to_string(),
        indicator: indicator.to_owned(),
        period: format!("{year:04}"),
        content: Some(Content::Value(count.to_string())),
    }
}

/// An open submission: a conversation that can break and be taken up again.
#[derive(Debug)]
pub struct Submission {
    requests: mpsc::Sender<SubmitIndicatorsRequest>,
    responses: Streaming<SubmitIndicatorsResponse>,
    /// The last batch that was durable when the submission was opened.
    pub last_sequence: i64,
}

/// Batches on their way at the same time.
const IN_FLIGHT: usize = 4;

impl Submission {
    /// Opens, or opens again, the submission of that identifier.
    pub async fn open(
        mut client: IndicatorServiceClient<Peer>,
        id: &str,
        region: &str,
        trace: &Trace,
    ) -> anyhow::Result<Self> {
        let (requests, waiting) = mpsc::channel(IN_FLIGHT);
        let open = OpenSubmission {
            submission_id: id.to_owned(),
            region: region.to_owned(),
            source: "tests".to_owned(),
        };
        requests
            .send(SubmitIndicatorsRequest {
                open: Some(open),
                batch: None,
            })
            .await?;
        let mut responses = client
            .submit_indicators(trace.request(ReceiverStream::new(waiting)))
            .await?
            .into_inner();
        let first = responses
            .message()
            .await?
            .context("an answer to the opening")?;
        let opened = first.opened.context("`opened` comes first")?;
        Ok(Self {
            requests,
            responses,
            last_sequence: opened.last_sequence,
        })
    }

    /// Sends a batch; waits only when several are on their way.
    pub async fn send(&self, sequence: i64, values: Vec<IndicatorValue>) -> anyhow::Result<()> {
        let batch = Some(IndicatorBatch { sequence, values });
        Ok(self
            .requests
            .send(SubmitIndicatorsRequest { open: None, batch })
            .await?)
    }

    /// The next acknowledgement; an error when the connection broke.
    pub async fn acknowledgement(&mut self) -> anyhow::Result<BatchAcknowledged> {
        let response = self
            .responses
            .message()
            .await?
            .context("the stream ended early")?;
        response
            .acknowledged
            .context("`acknowledged` comes after the opening")
    }
}

impl Scenario<'_> {
    /// Submits one batch as the system of an establishment, in a trace.
    pub async fn submit(
        &self,
        submitter: &Persona,
        values: Vec<IndicatorValue>,
        trace: &Trace,
    ) -> anyhow::Result<BatchAcknowledged> {
        let id = kernel::new_id().to_string();
        let client = self.suite.indicators(submitter)?;
        let mut submission =
            Submission::open(client, &id, self.people.region.code(), trace).await?;
        submission.send(1, values).await?;
        submission.acknowledgement().await
    }
}
