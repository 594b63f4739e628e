//! `SavedExportService`, the same for every service, and the task that makes what is ordered.

use std::{pin::Pin, time::Duration};

use futures::Stream;
use kernel::Region;
use proto::history::v1::{
    CreateSavedExportRequest, DownloadSavedExportRequest, DownloadSavedExportResponse,
    ExportEventsRequest, GetSavedExportRequest, ListSavedExportsRequest, ListSavedExportsResponse,
    SavedExport, SavedExportState, saved_export_service_server::SavedExportService,
};
use rpc::{Call, Error, Page};
use store::{
    Db,
    log::latest,
    saved::{self, Order, Ordered, Saved, State, Step},
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};
use tracing::warn;
use uuid::Uuid;

use crate::{
    history::require_reader,
    proof::{ProofRefusal, count_for_a_call, part, too_large},
    timestamp,
};

/// Most events of one saved export, also in `CreateSavedExportRequest`.
const MOST: i64 = 100_000;
/// How long a file is kept.
const KEPT: time::Duration = time::Duration::days(7);
/// Bytes of one part of a file, about.
const PART: usize = 4 * 1024 * 1024;
/// Bytes of one message.
const CHUNK: usize = 256 * 1024;
/// How often orders are looked for.
const PERIOD: Duration = Duration::from_secs(2);

/// Answers from the exports of one service.
#[derive(Debug, Clone)]
pub(crate) struct SavedExports(pub(crate) Db);

#[tonic::async_trait]
impl SavedExportService for SavedExports {
    async fn create_saved_export(
        &self,
        request: Request<CreateSavedExportRequest>,
    ) -> Result<Response<SavedExport>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(create(&self.0, &call, request).await?))
    }

    async fn get_saved_export(
        &self,
        request: Request<GetSavedExportRequest>,
    ) -> Result<Response<SavedExport>, Status> {
        let (call, request) = rpc::accept(request)?;
        let found = find(&self.0, &call, &request.name).await?;
        Ok(Response::new(to_wire(&found)))
    }

    async fn list_saved_exports(
        &self,
        request: Request<ListSavedExportsRequest>,
    ) -> Result<Response<ListSavedExportsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        require_reader(&call)?;
        let page = Page::read(request.page_size, &request.page_token, &[])?;
        let subject = &call.caller.actor.subject;
        let mut rows = saved::list(self.0.pool(), subject, page.key(0)?, page.limit())
            .await
            .map_err(Error::from)?;
        let next_page_token = page.next(&mut rows, |row| vec![row.id.to_string()]);
        let saved_exports = rows
            .iter()
            .filter(|row| is_within(&call, row))
            .map(to_wire)
            .collect();
        Ok(Response::new(ListSavedExportsResponse {
            saved_exports,
            next_page_token,
        }))
    }

    type DownloadSavedExportStream =
        Pin<Box<dyn Stream<Item = Result<DownloadSavedExportResponse, Status>> + Send>>;

    async fn download_saved_export(
        &self,
        request: Request<DownloadSavedExportRequest>,
    ) -> Result<Response<Self::DownloadSavedExportStream>, Status> {
        let (call, request) = rpc::accept(request)?;
        let found = find(&self.0, &call, &request.name).await?;
        if found.state == State::Expired || found.expires_at <= call.at {
            return Err(Error::from(ProofRefusal::Expired).into());
        }
        if found.state == State::Ordered {
            return Err(Error::from(ProofRefusal::NotReady).into());
        }
        if found.state == State::TooLarge {
            return Err(too_large(&found.part, found.most).into());
        }
        let db = self.0.clone();
        let (sender, receiver) = mpsc::channel(8);
        tokio::spawn(async move {
            if let Err(error) = send(&db, &found, &sender).await {
                let _gone = sender.send(Err(Error::from(error).into())).await;
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(receiver))))
    }
}

async fn create(
    db: &Db,
    call: &Call,
    request: CreateSavedExportRequest,
) -> Result<SavedExport, Error> {
    require_reader(call)?;
    // Only a person orders one, and its name stands in the history by a commitment.
    call.human()?;
    let command = call.command(&request.request_id, &request)?;
    let head = latest(db.pool()).await?.ok_or(ProofRefusal::NoCheckpoint)?;
    let scope = part(
        call,
        &ExportEventsRequest {
            tree_size: head.tree_size,
            region: request.region.clone(),
            root: request.root,
            start_time: request.start_time,
            end_time: request.end_time,
            max_events: 0,
            r#type: request.r#type,
            actor: request.actor,
            outcome: request.outcome,
        },
    )?;
    let limit = if request.max_events == 0 {
        MOST
    } else {
        request.max_events
    };
    // What a call has no time to count is counted while it is made.
    if count_for_a_call(db, &scope, limit).await?.events > limit {
        return Err(too_large(&scope, limit));
    }
    let order = Order {
        region: request.region.parse::<Region>().ok(),
        part: scope,
        most: limit,
        expires_at: call.at + KEPT,
    };
    match saved::order(db, &command, &order, to_wire).await? {
        Ordered::Done(export) => Ok(export),
        Ordered::Full => Err(ProofRefusal::Full {
            most: saved::MOST_KEPT,
        }
        .into()),
    }
}

/// An export of the caller’s own, while its scope is within what the caller sees now.
async fn find(db: &Db, call: &Call, name: &str) -> Result<Saved, Error> {
    require_reader(call)?;
    let not_found = || Error::NotFound(name.to_owned());
    let id: Uuid = name
        .strip_prefix("savedExports/")
        .and_then(|id| id.parse().ok())
        .ok_or_else(not_found)?;
    saved::find(db.pool(), &call.caller.actor.subject, id)
        .await?
        .filter(|found| is_within(call, found))
        .ok_or_else(not_found)
}

/// Whether the caller could order the same now: a mission may have changed since.
fn is_within(call: &Call, saved: &Saved) -> bool {
    let covers = |own: Option<&[String]>, asked: Option<&[String]>| match (own, asked) {
        (None, _) => true,
        (Some(own), Some(asked)) => asked.iter().all(|one| own.contains(one)),
        (Some(_), None) => false,
    };
    let regions = call.caller.regions();
    covers(regions.as_deref(), saved.part.regions.as_deref())
        && covers(call.caller.contracts(), saved.part.roots.as_deref())
}

async fn send(
    db: &Db,
    saved: &Saved,
    sender: &mpsc::Sender<Result<DownloadSavedExportResponse, Status>>,
) -> Result<(), store::Error> {
    let header = DownloadSavedExportResponse {
        saved_export: Some(to_wire(saved)),
        chunk: Vec::new(),
    };
    if sender.send(Ok(header)).await.is_err() {
        return Ok(());
    }
    let mut rank = 0;
    while let Some(part) = saved::part(db.pool(), saved.id, rank).await? {
        for chunk in part.chunks(CHUNK) {
            let message = DownloadSavedExportResponse {
                saved_export: None,
                chunk: chunk.to_vec(),
            };
            if sender.send(Ok(message)).await.is_err() {
                return Ok(());
            }
        }
        rank += 1;
    }
    Ok(())
}

fn to_wire(saved: &Saved) -> SavedExport {
    let state = match saved.state {
        State::Ordered => SavedExportState::Ordered,
        State::Ready => SavedExportState::Ready,
        State::TooLarge => SavedExportState::TooLarge,
        State::Expired => SavedExportState::Expired,
    };
    let examined = match saved.state {
        State::Ready => saved.part.tree_size,
        _ => saved.reached + 1,
    };
    SavedExport {
        name: saved.name(),
        state: state.into(),
        region: saved.region.clone(),
        root: saved.part.root.clone().unwrap_or_default(),
        start_time: saved.part.start.map(timestamp),
        end_time: saved.part.end.map(timestamp),
        tree_size: saved.part.tree_size,
        order_time: Some(timestamp(saved.ordered_at)),
        expire_time: Some(timestamp(saved.expires_at)),
        finish_time: saved.finished_at.map(timestamp),
        events: saved.events,
        size_bytes: saved.bytes,
        sha256: saved.sha256_text(),
        r#type: saved.part.type_part.clone().unwrap_or_default(),
        actor: saved.actor.clone(),
        outcome: saved.part.outcome.clone().unwrap_or_default(),
        examined_entries: examined,
        max_events: saved.most,
    }
}

/// Makes what is ordered, and deletes what is over, until `stop`. Every replica runs this; one at a time works on an
/// export, and another goes on when it dies.
pub(crate) async fn run(db: Db, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match work(&db, &stop).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => warn!(%error, "saved exports wait"),
        }
        tokio::select! {
            () = tokio::time::sleep(PERIOD) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Whether there may be more to do.
async fn work(db: &Db, stop: &CancellationToken) -> Result<bool, store::Error> {
    saved::expire(db).await?;
    let Some(export) = saved::claim(db).await? else {
        return Ok(false);
    };
    while !stop.is_cancelled() {
        if saved::step(db, &export, PART).await? == Step::Ready {
            return Ok(true);
        }
    }
    Ok(false)
}
