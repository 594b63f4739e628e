//! `AuditService`, the same for every service: what auditors read.

use proto::{
    history::v1::{ListReadsRequest, ListReadsResponse, Read, audit_service_server::AuditService},
    types::v1::Actor,
};
use rpc::{Error, Page};
use store::{
    Db,
    reads::{self, Filter, Recorded},
};
use tonic::{Request, Response, Status};

use crate::{
    history::{actor_kind, instant, require_reader, text},
    timestamp,
};

/// Answers from the record of one service.
#[derive(Debug, Clone)]
pub(crate) struct Audits(pub(crate) Db);

#[tonic::async_trait]
impl AuditService for Audits {
    async fn list_reads(
        &self,
        request: Request<ListReadsRequest>,
    ) -> Result<Response<ListReadsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        require_reader(&call)?;
        let filter = Filter {
            actor: text(&request.actor),
            mission: text(&request.mission),
            outcome: text(&request.outcome),
            start: instant("start_time", request.start_time.as_ref())?,
            end: instant("end_time", request.end_time.as_ref())?,
        };
        let (start, end) = (format!("{:?}", filter.start), format!("{:?}", filter.end));
        let arguments = [
            &request.actor,
            &request.mission,
            &request.outcome,
            &start,
            &end,
        ];
        let arguments = arguments.map(String::as_str);
        let page = Page::read(request.page_size, &request.page_token, &arguments)?;
        let mut reads = reads::list(self.0.pool(), &filter, page.key(0)?, page.limit())
            .await
            .map_err(Error::from)?;
        let next_page_token = page.next(&mut reads, |read| vec![read.seq.to_string()]);
        let reads = reads.into_iter().map(to_wire).collect();
        Ok(Response::new(ListReadsResponse {
            reads,
            next_page_token,
        }))
    }
}

fn to_wire(read: Recorded) -> Read {
    Read {
        id: read.id.to_string(),
        actor: Some(Actor {
            subject: read.actor,
            kind: actor_kind(&read.actor_kind).into(),
            role: read.actor_role,
        }),
        mission: read.mission,
        method: read.method,
        request: read.request,
        read_time: Some(timestamp(read.read_at)),
        outcome: read.outcome,
    }
}
