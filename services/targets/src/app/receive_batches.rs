//! Receives the batches of one stream: while some are being stored, the next ones are read and checked.
//!
//! Two tasks with a short queue between them. The reader takes messages off the wire and checks their rows;
//! the writer stores whatever waits in one transaction and acknowledges each batch once it is durable. The
//! queue is short, so a client that sends faster than Postgres writes is held back by flow control and memory
//! stays flat. Neither task outlives the stream by more than the transaction it is in.

use proto::targets::v1 as pb;
use rpc::{Call, Error};
use tokio::sync::mpsc;
use tonic::{Code, Status, Streaming};
use tracing::Instrument as _;

use super::{
    App,
    open_submission::{self, Pen},
    store_batches,
    validate_batch::{Checked, Checker},
};
use crate::domain::{Arrival, Refusal, submission};

/// Limit of one message of this service, in bytes.
pub(crate) const MESSAGE_LIMIT_BYTES: usize = 4 * 1024 * 1024;
/// Checked batches that wait for the writer.
const WAITING: usize = 4;
/// Batches stored in one transaction, at most.
const GROUP: usize = 4;

/// A message of the client: exactly one of its two fields.
enum Part {
    Open(pb::OpenSubmission),
    Batch(pb::IndicatorBatch),
}

pub(crate) type Answer = Result<pb::SubmitIndicatorsResponse, Status>;

/// What the reader hands to the writer, in the order of the stream.
enum Step {
    Store(Checked),
    /// A batch that was durable before.
    Acknowledge(i64),
    /// The stream ends here, after everything before is stored.
    Refuse(Error),
}

/// Serves one stream until it ends. What goes wrong is the last answer.
pub(crate) async fn run(
    app: App,
    call: Call,
    mut messages: Streaming<pb::SubmitIndicatorsRequest>,
    answers: mpsc::Sender<Answer>,
) {
    let opened = async {
        let Some(Part::Open(open)) = next(&app, &mut messages).await? else {
            return Err(Refusal::OpeningExpected.into());
        };
        let pen = open_submission::run(&app, &call, &open).await?;
        let checker = Checker::new(app.clone(), &call, pen.region).await?;
        Ok((pen, checker))
    };
    let (pen, checker) = match opened.await {
        Ok(opened) => opened,
        Err(error) => return refuse(&answers, error).await,
    };
    let opened = pb::SubmissionOpened {
        last_sequence: pen.last_sequence,
    };
    if answers
        .send(Ok(pb::SubmitIndicatorsResponse {
            opened: Some(opened),
            acknowledged: None,
        }))
        .await
        .is_err()
    {
        return;
    }
    let (steps, waiting) = mpsc::channel(WAITING);
    let reader = read(app.clone(), pen.last_sequence, checker, messages, steps);
    let reader = tokio::spawn(reader.in_current_span());
    write(&app, &call, &pen, waiting, &answers).await;
    // The writer may have given up first; the reader must not wait for a client that says nothing.
    reader.abort();
}

async fn read(
    app: App,
    mut last_sequence: i64,
    mut checker: Checker,
    mut messages: Streaming<pb::SubmitIndicatorsRequest>,
    steps: mpsc::Sender<Step>,
) {
    loop {
        let step = match next(&app, &mut messages).await {
            Ok(None) => return,
            Ok(Some(Part::Batch(batch))) => check(&mut checker, last_sequence, &batch)
                .await
                .unwrap_or_else(Step::Refuse),
            Ok(Some(Part::Open(_))) => Step::Refuse(Refusal::OpeningExpected.into()),
            Err(error) => Step::Refuse(error),
        };
        if let Step::Store(checked) = &step {
            last_sequence = checked.sequence;
        }
        let is_last = matches!(step, Step::Refuse(_));
        if steps.send(step).await.is_err() || is_last {
            return;
        }
    }
}

async fn check(
    checker: &mut Checker,
    last_sequence: i64,
    batch: &pb::IndicatorBatch,
) -> Result<Step, Error> {
    match submission::arrival(last_sequence, batch.sequence)? {
        Arrival::AlreadyReceived => Ok(Step::Acknowledge(batch.sequence)),
        Arrival::Next => Ok(Step::Store(checker.check(batch).await?)),
    }
}

async fn write(
    app: &App,
    call: &Call,
    pen: &Pen,
    mut waiting: mpsc::Receiver<Step>,
    answers: &mpsc::Sender<Answer>,
) {
    let mut group = Vec::with_capacity(GROUP);
    while waiting.recv_many(&mut group, GROUP).await > 0 {
        let batches: Vec<&Checked> = group
            .iter()
            .filter_map(|step| match step {
                Step::Store(checked) => Some(checked),
                Step::Acknowledge(_) | Step::Refuse(_) => None,
            })
            .collect();
        if let Err(error) = store_batches::run(app, call, pen, &batches).await {
            return refuse(answers, error).await;
        }
        for step in group.drain(..) {
            let acknowledged = match step {
                Step::Store(checked) => acknowledgement(checked),
                Step::Acknowledge(sequence) => pb::BatchAcknowledged {
                    sequence,
                    already_received: true,
                    ..Default::default()
                },
                Step::Refuse(error) => return refuse(answers, error).await,
            };
            let answer = pb::SubmitIndicatorsResponse {
                opened: None,
                acknowledged: Some(acknowledged),
            };
            if answers.send(Ok(answer)).await.is_err() {
                return;
            }
        }
    }
}

fn acknowledgement(checked: Checked) -> pb::BatchAcknowledged {
    pb::BatchAcknowledged {
        sequence: checked.sequence,
        accepted: store_batches::count(checked.accepted.len()),
        already_received: false,
        rejected: checked.rejected,
    }
}

async fn refuse(answers: &mpsc::Sender<Answer>, error: Error) {
    // A client that has gone does not hear it, and will learn where it stands when it comes back.
    let _ = answers.send(Err(error.into())).await;
}

/// The next message, none at the end of the stream.
async fn next(
    app: &App,
    messages: &mut Streaming<pb::SubmitIndicatorsRequest>,
) -> Result<Option<Part>, Error> {
    let message = tokio::select! {
        message = messages.message() => message.map_err(|status| broken(&status))?,
        () = app.stop.cancelled() => return Err(Refusal::Stopping.into()),
    };
    let Some(message) = message else {
        return Ok(None);
    };
    match (message.open, message.batch) {
        (Some(open), None) => Ok(Some(Part::Open(open))),
        (None, Some(batch)) => Ok(Some(Part::Batch(batch))),
        _ => Err(Error::invalid(
            "batch",
            "a message holds either `open` or `batch`",
        )),
    }
}

/// A message that could not be read. tonic says so of one over the limit with `OUT_OF_RANGE`.
fn broken(status: &Status) -> Error {
    match status.code() {
        Code::OutOfRange => Refusal::MessageTooLarge {
            limit_bytes: MESSAGE_LIMIT_BYTES,
        }
        .into(),
        _ => Error::invalid("stream", status.message()),
    }
}
