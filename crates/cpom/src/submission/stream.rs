//! Sends batches over one bidirectional stream, and over another one when it breaks, until every batch
//! is durable.

use std::{collections::VecDeque, time::Duration};

use indicatif::ProgressBar;
use proto::targets::v1::{
    BatchAcknowledged, IndicatorBatch, OpenSubmission, SubmitIndicatorsRequest,
    SubmitIndicatorsResponse, indicator_service_client::IndicatorServiceClient,
};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout},
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};

use super::{Batch, RejectedRow, Rejections};
use crate::{
    client::Link,
    retry::{Backoff, PATIENCE, worth_repeating},
};

/// Batches sent and not yet acknowledged: enough to keep the service busy, few enough to keep in memory.
const WINDOW: usize = 8;

/// Longest wait for one acknowledgement.
const ACKNOWLEDGEMENT: Duration = Duration::from_mins(1);

/// What the sending came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Values that the service took from this run.
    pub accepted: u64,
    /// Values of batches that had become durable earlier.
    pub already_received: u64,
    /// Values that the service refused in this run.
    pub rejections: Rejections,
    /// Times that the stream was opened again.
    pub reconnections: u32,
}

/// Sends everything that comes out of `source`, in its order. Started again with the same submission and
/// the same batches, it goes on after the last durable one.
pub async fn send(
    client: IndicatorServiceClient<Link>,
    open: OpenSubmission,
    source: mpsc::Receiver<Batch>,
    progress: &ProgressBar,
) -> Result<Outcome, Status> {
    let mut sending = Sending {
        open,
        source,
        exhausted: false,
        pending: VecDeque::with_capacity(WINDOW),
        durable: 0,
        outcome: Outcome::default(),
        progress: progress.clone(),
    };
    let mut backoff = Backoff::default();
    // Patience is counted from the first failure since something became durable.
    let mut give_up = None;
    loop {
        let durable_before = sending.durable;
        let Err(status) = sending.over_one_stream(client.clone()).await else {
            return Ok(sending.outcome);
        };
        let Some(suggested) = worth_repeating(&status) else {
            return Err(status);
        };
        if sending.durable > durable_before {
            backoff = Backoff::default();
            give_up = None;
        }
        let pause = backoff.pause(suggested);
        let failed = Instant::now();
        if failed + pause > *give_up.get_or_insert(failed + PATIENCE) {
            return Err(status);
        }
        sending.outcome.reconnections += 1;
        tokio::time::sleep(pause).await;
    }
}

struct Sending {
    open: OpenSubmission,
    source: mpsc::Receiver<Batch>,
    exhausted: bool,
    /// Sent, or to be sent again, and not known to be durable.
    pending: VecDeque<Batch>,
    /// The last batch known to be durable.
    durable: i64,
    outcome: Outcome,
    progress: ProgressBar,
}

impl Sending {
    async fn over_one_stream(
        &mut self,
        mut client: IndicatorServiceClient<Link>,
    ) -> Result<(), Status> {
        // Room for the opening and a full window: sending never waits.
        let (requests, outgoing) = mpsc::channel(WINDOW + 1);
        let opening = SubmitIndicatorsRequest {
            open: Some(self.open.clone()),
            batch: None,
        };
        queue(&requests, opening)?;
        let mut answers = within(client.submit_indicators(ReceiverStream::new(outgoing)))
            .await?
            .into_inner();
        let opened = next(&mut answers).await?.and_then(|answer| answer.opened);
        let opened =
            opened.ok_or_else(|| Status::internal("the service did not open the submission"))?;
        self.forget_durable(opened.last_sequence);
        for batch in &self.pending {
            queue(&requests, request(batch))?;
        }
        loop {
            if self.exhausted && self.pending.is_empty() {
                drop(requests);
                // Everything is durable; how the stream ends no longer matters.
                while let Ok(Some(_)) = next(&mut answers).await {}
                return Ok(());
            }
            let may_send = !self.exhausted && self.pending.len() < WINDOW;
            tokio::select! {
                answer = next(&mut answers), if !self.pending.is_empty() => {
                    let acknowledged = answer?.and_then(|answer| answer.acknowledged);
                    self.acknowledge(&acknowledged.ok_or_else(ended)?);
                }
                batch = self.source.recv(), if may_send => match batch {
                    None => self.exhausted = true,
                    Some(batch) if batch.sequence <= self.durable => self.skip(&batch),
                    Some(batch) => {
                        // Kept first: a stream that is gone must not take the batch with it.
                        let request = request(&batch);
                        self.pending.push_back(batch);
                        queue(&requests, request)?;
                    }
                },
            }
        }
    }

    fn acknowledge(&mut self, acknowledged: &BatchAcknowledged) {
        while let Some(batch) = self
            .pending
            .pop_front_if(|b| b.sequence <= acknowledged.sequence)
        {
            self.durable = batch.sequence;
            if batch.sequence < acknowledged.sequence || acknowledged.already_received {
                self.skip(&batch);
                continue;
            }
            self.progress.inc(batch.values.len() as u64);
            self.outcome.accepted += u64::try_from(acknowledged.accepted).unwrap_or_default();
            for value in &acknowledged.rejected {
                let index = usize::try_from(value.index).unwrap_or(usize::MAX);
                self.outcome.rejections.push(RejectedRow {
                    line: batch.lines.get(index).copied().unwrap_or_default(),
                    field: value.field.clone(),
                    reason: value.reason.clone(),
                    explanation: value.explanation.clone(),
                });
            }
        }
    }

    fn forget_durable(&mut self, last_sequence: i64) {
        self.durable = self.durable.max(last_sequence);
        while let Some(batch) = self.pending.pop_front_if(|b| b.sequence <= last_sequence) {
            self.skip(&batch);
        }
    }

    fn skip(&mut self, batch: &Batch) {
        self.outcome.already_received += batch.values.len() as u64;
        self.progress.inc(batch.values.len() as u64);
    }
}

fn request(batch: &Batch) -> SubmitIndicatorsRequest {
    let batch = IndicatorBatch {
        sequence: batch.sequence,
        values: batch.values.clone(),
    };
    SubmitIndicatorsRequest {
        open: None,
        batch: Some(batch),
    }
}

fn queue(
    requests: &mpsc::Sender<SubmitIndicatorsRequest>,
    request: SubmitIndicatorsRequest,
) -> Result<(), Status> {
    requests.try_send(request).map_err(|_| ended())
}

fn ended() -> Status {
    Status::unavailable("the stream ended before every batch was durable")
}

async fn within<T>(answer: impl Future<Output = Result<T, Status>>) -> Result<T, Status> {
    let late = |_| Status::deadline_exceeded("no acknowledgement came");
    timeout(ACKNOWLEDGEMENT, answer).await.map_err(late)?
}

async fn next(
    answers: &mut Streaming<SubmitIndicatorsResponse>,
) -> Result<Option<SubmitIndicatorsResponse>, Status> {
    within(answers.message()).await
}
