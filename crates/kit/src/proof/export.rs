//! Streaming a part of the log.

use kernel::Region;
use proto::history::v1::{ExportEventsRequest, ExportedEvent};
use rpc::{Call, Error};
use store::{
    Db,
    log::{Export, Leaf, export, size_of},
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::refusal::ProofRefusal;
use crate::history::{instant, text, to_wire};

/// Events read at a time.
const BATCH: i64 = 500;
/// Most events of one export, also in `ExportEventsRequest`.
const MOST: i64 = 1_000_000;

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

/// Refuses what is too large, then sends at the pace of the client.
pub(super) async fn begin(
    db: Db,
    part: Export,
    max_events: i64,
) -> Result<ReceiverStream<Result<ExportedEvent, Status>>, Error> {
    let limit = if max_events == 0 { MOST } else { max_events };
    if size_of(db.pool(), &part, limit + 1).await? > limit {
        return Err(ProofRefusal::TooLarge {
            limit,
            narrow: narrow(&part),
        }
        .into());
    }
    let (sender, receiver) = mpsc::channel(64);
    tokio::spawn(async move {
        if let Err(error) = send_all(&db, &part, &sender).await {
            let _gone = sender.send(Err(Error::from(error).into())).await;
        }
    });
    Ok(ReceiverStream::new(receiver))
}

/// What would make the export smaller.
pub(crate) fn narrow(part: &Export) -> &'static str {
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
    sender: &mpsc::Sender<Result<ExportedEvent, Status>>,
) -> Result<(), store::Error> {
    let mut after = -1;
    loop {
        let batch = export(db.pool(), part, after, BATCH).await?;
        let Some(last) = batch.last() else {
            return Ok(());
        };
        after = last.leaf_index;
        for leaf in batch {
            if sender.send(Ok(leaf_to_wire(leaf))).await.is_err() {
                return Ok(());
            }
        }
    }
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
