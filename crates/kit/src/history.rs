//! `HistoryService`, the same for every service.

use std::pin::Pin;

use futures::Stream;
use proto::{
    history::v1::{
        Event, ListEventsRequest, ListEventsResponse, StreamEventsRequest,
        history_service_server::HistoryService,
    },
    types::v1::{Actor, ActorKind},
};
use rpc::Page;
use store::{
    Db, Stored,
    history::{self, Filter},
};
use time::OffsetDateTime;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::{from_timestamp, timestamp};

/// Answers from the history of one service.
#[derive(Debug, Clone)]
pub(crate) struct History(pub(crate) Db);

/// Events read at a time while streaming.
const BATCH: i64 = 500;

#[tonic::async_trait]
impl HistoryService for History {
    async fn list_events(
        &self,
        request: Request<ListEventsRequest>,
    ) -> Result<Response<ListEventsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        let arguments =
            [&request.root, &request.aggregate, &request.actor, &request.r#type].map(String::as_str);
        let page = Page::read(request.page_size, &request.page_token, &arguments)?;
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let filter = Filter {
            root: some(&request.root),
            aggregate: some(&request.aggregate),
            actor: some(&request.actor),
            event_type: some(&request.r#type),
            start: request.start_time.as_ref().and_then(from_timestamp),
            end: request.end_time.as_ref().and_then(from_timestamp),
            regions: call.caller.regions(),
        };
        let after = match (page.key::<i64>(0)?, page.key::<Uuid>(1)?) {
            (Some(micros), Some(id)) => instant(micros).map(|at| (at, id)),
            _ => None,
        };
        let mut events = history::list(self.0.pool(), &filter, after, page.limit())
            .await
            .map_err(rpc::Error::from)?;
        let next_page_token = page.next(&mut events, |event| {
            vec![micros(event.recorded_at).to_string(), event.id.to_string()]
        });
        let events = events.into_iter().map(to_wire).collect();
        Ok(Response::new(ListEventsResponse { events, next_page_token }))
    }

    type StreamEventsStream = Pin<Box<dyn Stream<Item = Result<Event, Status>> + Send>>;

    async fn stream_events(
        &self,
        request: Request<StreamEventsRequest>,
    ) -> Result<Response<Self::StreamEventsStream>, Status> {
        let (_, request) = rpc::accept(request)?;
        let pool = self.0.pool().clone();
        let (sender, receiver) = mpsc::channel(64);
        tokio::spawn(async move {
            let mut after = None;
            loop {
                let batch = history::replay(&pool, &request.aggregate_kind, after, BATCH).await;
                let batch = match batch {
                    Ok(batch) => batch,
                    Err(error) => {
                        let status = Status::from(rpc::Error::from(error));
                        return drop(sender.send(Err(status)).await);
                    }
                };
                let Some(last) = batch.last() else { return };
                after = Some(last.id);
                for event in batch {
                    if sender.send(Ok(to_wire(event))).await.is_err() {
                        return;
                    }
                }
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(receiver))))
    }
}

fn micros(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}

fn instant(micros: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).ok()
}

fn to_wire(event: Stored) -> Event {
    let kind = match event.actor_kind.as_str() {
        "human" => ActorKind::Human,
        "system" => ActorKind::System,
        "service" => ActorKind::Service,
        _ => ActorKind::Unspecified,
    };
    Event {
        id: event.id.to_string(),
        r#type: event.event_type,
        aggregate: event.aggregate,
        version: event.version,
        root: event.root,
        region: event.region,
        actor: Some(Actor { subject: event.actor, kind: kind.into(), role: event.actor_role }),
        record_time: Some(timestamp(event.recorded_at)),
        reason: event.reason.unwrap_or_default(),
        request_id: event.request_id.map(|id| id.to_string()).unwrap_or_default(),
        traceparent: event.traceparent.unwrap_or_default(),
        canonical: event.canonical,
        previous_hash: event.prev_hash,
        hash: event.hash,
    }
}
