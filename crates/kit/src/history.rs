//! `HistoryService`, the same for every service.

use std::pin::Pin;

use futures::Stream;
use prost_types::Timestamp;
use proto::{
    history::v1::{
        Event, ListEventsRequest, ListEventsResponse, NamedPerson, StreamEventsRequest,
        history_service_server::HistoryService,
    },
    types::v1::{Actor, ActorKind},
};
use rpc::{Call, Error, Page};
use store::{
    Db, Stored,
    history::{self, Bounds, Filter, Found},
    person,
};
use time::OffsetDateTime;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use crate::{filter::narrow, from_timestamp, timestamp};

/// Answers from the history of one service.
#[derive(Debug, Clone)]
pub(crate) struct History(pub(crate) Db);

/// Events read at a time while streaming.
const BATCH: i64 = 200;
/// Entries that one page examines for what no index leads to. Of some thousand bytes each, a second is enough for them, far
/// below what a call and a statement may last; ten million are two hundred pages. Also in `ListEventsResponse`.
const EXAMINED: i64 = 50_000;
/// Bytes of events in one page: clients usually take messages of at most 4 MiB.
const PAGE_BYTES: usize = 2 * 1024 * 1024;

#[tonic::async_trait]
impl HistoryService for History {
    async fn list_events(
        &self,
        request: Request<ListEventsRequest>,
    ) -> Result<Response<ListEventsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        require_reader(&call)?;
        let mut filter = Filter {
            root: text(&request.root),
            aggregate: text(&request.aggregate),
            actor: text(&request.actor),
            event_type: text(&request.r#type),
            start: instant("start_time", request.start_time.as_ref())?,
            end: instant("end_time", request.end_time.as_ref())?,
            ..within_scope(&call)
        };
        narrow(&mut filter, &request.filter)?;
        let (start, end) = (format!("{:?}", filter.start), format!("{:?}", filter.end));
        let arguments = [
            &request.root,
            &request.aggregate,
            &request.actor,
            &request.r#type,
            &start,
            &end,
            &request.filter,
        ];
        let arguments = arguments.map(String::as_str);
        let page = Page::read(request.page_size, &request.page_token, &arguments)?;
        let bounds = Bounds {
            events: page.limit(),
            bytes: PAGE_BYTES,
            examined: EXAMINED,
        };
        let found = history::page(self.0.pool(), &filter, page.key(0)?, bounds);
        let Found {
            mut events, until, ..
        } = found.await.map_err(Error::from)?;
        let mut next_page_token = page.next_within(
            PAGE_BYTES,
            &mut events,
            |event| event.canonical.len(),
            |event| vec![event.seq.to_string()],
        );
        // A page that holds all that was found goes on behind what was examined for it, and before what may still appear.
        let examined = until.filter(|_| next_page_token.is_empty());
        if let Some(place) = examined {
            next_page_token = page.token_after(vec![place.seq.to_string()]);
        }
        let events = events.into_iter().map(to_wire).collect();
        Ok(Response::new(ListEventsResponse {
            events,
            next_page_token,
            examined_time: examined.and_then(|place| place.recorded_at).map(timestamp),
        }))
    }

    type StreamEventsStream = Pin<Box<dyn Stream<Item = Result<Event, Status>> + Send>>;

    async fn stream_events(
        &self,
        request: Request<StreamEventsRequest>,
    ) -> Result<Response<Self::StreamEventsStream>, Status> {
        let (call, request) = rpc::accept(request)?;
        require_reader(&call)?;
        let filter = Filter {
            aggregate_kind: Some(request.aggregate_kind),
            ..within_scope(&call)
        };
        let db = self.0.clone();
        let (sender, receiver) = mpsc::channel(64);
        tokio::spawn(async move {
            if let Err(error) = stream(&db, &filter, &sender).await {
                let _gone = sender.send(Err(Error::from(error).into())).await;
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(receiver))))
    }
}

/// Sends all there is, at the pace of the client, until it goes away. What is being recorded meanwhile is waited for where
/// something after it is sent.
async fn stream(
    db: &Db,
    filter: &Filter,
    sender: &mpsc::Sender<Result<Event, Status>>,
) -> Result<(), store::Error> {
    let bounds = Bounds {
        events: BATCH,
        bytes: usize::MAX,
        examined: EXAMINED,
    };
    let mut after = None;
    while !sender.is_closed() {
        let batch = history::page(db.pool(), filter, after, bounds).await?;
        for event in batch.events {
            if sender.send(Ok(to_wire(event))).await.is_err() {
                return Ok(());
            }
        }
        after = batch.next;
        if after.is_none() {
            return Ok(());
        }
    }
    Ok(())
}

/// The history tells about everybody: who acts for establishments reads none of it, whatever the table says.
pub(crate) fn require_reader(call: &Call) -> Result<(), Error> {
    if call.caller.is_establishment() {
        return Err(Error::Denied {
            permission: call.permission.clone(),
            explanation: "the history is not open to establishments".to_owned(),
        });
    }
    Ok(())
}

/// What the caller may see.
fn within_scope(call: &Call) -> Filter {
    Filter {
        regions: call.caller.regions(),
        roots: call.caller.contracts().map(<[String]>::to_vec),
        ..Filter::default()
    }
}

pub(crate) fn text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

pub(crate) fn instant(
    field: &str,
    given: Option<&Timestamp>,
) -> Result<Option<OffsetDateTime>, Error> {
    let Some(given) = given else { return Ok(None) };
    from_timestamp(given)
        .map(Some)
        .ok_or_else(|| Error::invalid(field, "is not an instant"))
}

pub(crate) fn actor_kind(stored: &str) -> ActorKind {
    match stored {
        "human" => ActorKind::Human,
        "system" => ActorKind::System,
        "service" => ActorKind::Service,
        _ => ActorKind::Unspecified,
    }
}

pub(crate) fn to_wire(event: Stored) -> Event {
    let kind = actor_kind(&event.actor_kind);
    Event {
        id: event.id.to_string(),
        r#type: event.event_type,
        aggregate: event.aggregate,
        version: event.version,
        root: event.root,
        region: event.region,
        actor: Some(Actor {
            subject: event.actor,
            kind: kind.into(),
            role: event.actor_role,
        }),
        record_time: Some(timestamp(event.recorded_at)),
        reason: event.reason.unwrap_or_default(),
        request_id: event
            .request_id
            .map(|id| id.to_string())
            .unwrap_or_default(),
        traceparent: event.traceparent.unwrap_or_default(),
        canonical: event.canonical,
        previous_hash: event.prev_hash,
        hash: event.hash,
        persons: event.persons.into_iter().map(named).collect(),
    }
}

/// A person of an event; what opens the commitment is told in exports only.
fn named(person: person::Named) -> NamedPerson {
    NamedPerson {
        commitment: person.commitment,
        subject: person.subject,
        salt: Vec::new(),
    }
}
