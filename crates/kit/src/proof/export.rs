//! Streaming a part of the log.

use std::time::Duration;

use kernel::Region;
use proto::history::v1::{ExportEventsRequest, ExportedEvent};
use rpc::{Call, Error};
use store::{
    Db,
    log::{Count, Export, Leaf, count, export},
};
use tokio::{sync::mpsc, time::Instant};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::refusal::ProofRefusal;
use crate::history::{instant, text, to_wire};

/// Events read at a time.
const BATCH: i64 = 500;
/// Most events of one export, also in `ExportEventsRequest`.
const MOST: i64 = 1_000_000;
/// How long a call counts before it answers: far below what one may last.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is asked for, within what the caller may see.
pub(crate) fn part(call: &Call, request: &ExportEventsRequest) -> Result<Export, Error> {
    let seen = call.caller.regions();
    let regions = if request.region.is_empty() {
        if (seen.is_some() || call.caller.contracts().is_some()) && request.root.is_empty() {
            // What is silently left out would look like what was deleted.
            return Err(Error::Denied {
                permission: call.permission.clone(),
                explanation: "your token does not cover everything: name a region, or a contract"
                    .to_owned(),
            });
        }
        seen
    } else {
        let region: Region = request
            .region
            .parse()
            .map_err(|error| Error::invalid("region", error))?;
        call.caller.require_region(region, &call.permission)?;
        Some(vec![region.code().to_owned()])
    };
    Ok(Export {
        tree_size: request.tree_size,
        root: text(&request.root),
        start: instant("start_time", request.start_time.as_ref())?,
        end: instant("end_time", request.end_time.as_ref())?,
        type_part: text(&request.r#type),
        actor: text(&request.actor),
        outcome: text(&request.outcome),
        regions,
        roots: call.caller.contracts().map(<[String]>::to_vec),
    })
}

/// Counts a part of the log, no further than one event more than `limit`, for as long as a call may: what is rare among
/// many takes longer.
pub(crate) async fn count_for_a_call(
    db: &Db,
    part: &Export,
    limit: i64,
) -> Result<Count, store::Error> {
    let begun = Instant::now();
    let mut counted = Count::begin();
    while counted.next.is_some() && counted.events <= limit && begun.elapsed() < PATIENCE {
        counted = count(db.pool(), part, counted, limit + 1).await?;
    }
    Ok(counted)
}

pub(crate) fn too_large(part: &Export, limit: i64) -> Error {
    let narrow = narrow(part);
    ProofRefusal::TooLarge { limit, narrow }.into()
}

/// Refuses what is too large, then sends at the pace of the client. What a call has no time to count is counted to its end
/// before anything is sent.
pub(super) async fn begin(
    db: Db,
    part: Export,
    max_events: i64,
) -> Result<ReceiverStream<Result<ExportedEvent, Status>>, Error> {
    let limit = if max_events == 0 { MOST } else { max_events };
    let counted = count_for_a_call(&db, &part, limit).await?;
    if counted.events > limit {
        return Err(too_large(&part, limit));
    }
    let (sender, receiver) = mpsc::channel(64);
    tokio::spawn(async move {
        if let Err(error) = send_all(&db, &part, (counted, limit), &sender).await {
            let _gone = sender.send(Err(error.into())).await;
        }
    });
    Ok(ReceiverStream::new(receiver))
}

/// What would make the export smaller.
fn narrow(part: &Export) -> &'static str {
    match part {
        Export { root: Some(_), .. } => "period",
        Export {
            regions: Some(_), ..
        } => "period or contract",
        _ => "period, region or contract",
    }
}

async fn send_all(
    db: &Db,
    part: &Export,
    (mut counted, limit): (Count, i64),
    sender: &mpsc::Sender<Result<ExportedEvent, Status>>,
) -> Result<(), Error> {
    while counted.next.is_some() && !sender.is_closed() {
        counted = count(db.pool(), part, counted, limit + 1).await?;
        if counted.events > limit {
            return Err(too_large(part, limit));
        }
    }
    let mut after = -1;
    while !sender.is_closed() {
        let piece = export(db.pool(), part, after, BATCH).await?;
        for leaf in piece.leaves {
            if sender.send(Ok(leaf_to_wire(leaf))).await.is_err() {
                return Ok(());
            }
        }
        match piece.next {
            Some(next) => after = next,
            None => return Ok(()),
        }
    }
    Ok(())
}

fn leaf_to_wire(leaf: Leaf) -> ExportedEvent {
    let salts: Vec<Vec<u8>> = leaf
        .event
        .persons
        .iter()
        .map(|person| person.salt.clone())
        .collect();
    let mut event = to_wire(leaf.event);
    for (person, salt) in event.persons.iter_mut().zip(salts) {
        person.salt = salt;
    }
    ExportedEvent {
        event: Some(event),
        leaf_index: leaf.leaf_index,
        leaf_hash: leaf.leaf_hash,
    }
}
