//! `ProofService`, the same for every service.

mod export;
mod refusal;

use std::{pin::Pin, sync::Arc};

use futures::Stream;
use proto::{
    content,
    history::v1::{
        Checkpoint, ConsistencyProof, ExportEventsRequest, ExportedEvent, GetCheckpointRequest,
        GetConsistencyProofRequest, GetInclusionProofRequest, GetSubtreeHashesRequest,
        GetSubtreeHashesResponse, InclusionProof, ListCheckpointsRequest, ListCheckpointsResponse,
        proof_service_server::ProofService,
    },
};
use rpc::{Error, Page};
use store::{
    Db,
    log::{self, SignedHead},
};
use tonic::{Request, Response, Status};
use transparency::{Hash, Node, SigningKey};
use uuid::Uuid;

use crate::{
    history::{require_reader, to_wire},
    timestamp,
};
pub(crate) use export::{count_for_a_call, part, too_large};
pub(crate) use refusal::ProofRefusal;
pub use refusal::REASONS;

/// Answers from the log of one service.
#[derive(Debug, Clone)]
pub(crate) struct Proofs {
    db: Db,
    /// What signs at present.
    verifier_keys: Arc<[String]>,
}

impl Proofs {
    pub(crate) fn new(db: Db, keys: &[SigningKey]) -> Self {
        Self {
            db,
            verifier_keys: keys.iter().map(|key| key.verifying().to_string()).collect(),
        }
    }

    /// The checkpoint of that size, the latest one for 0.
    async fn checkpoint(&self, tree_size: i64) -> Result<SignedHead, Error> {
        let pool = self.db.pool();
        if tree_size == 0 {
            let latest = log::latest(pool).await?;
            return latest.ok_or_else(|| ProofRefusal::NoCheckpoint.into());
        }
        let of_size = log::of_size(pool, tree_size).await?;
        of_size.ok_or_else(|| ProofRefusal::UnknownSize { tree_size }.into())
    }

    fn to_wire(&self, head: SignedHead) -> Checkpoint {
        Checkpoint {
            verifier_keys: self.verifier_keys.to_vec(),
            ..head_to_wire(head)
        }
    }
}

#[tonic::async_trait]
impl ProofService for Proofs {
    async fn get_checkpoint(
        &self,
        request: Request<GetCheckpointRequest>,
    ) -> Result<Response<Checkpoint>, Status> {
        let (_, request) = rpc::accept(request)?;
        let head = if request.tree_size == 0 {
            self.checkpoint(0).await?
        } else {
            let covering = log::covering(self.db.pool(), request.tree_size).await;
            covering.map_err(Error::from)?.ok_or_else(|| {
                let tree_size = request.tree_size;
                Error::from(ProofRefusal::UnknownSize { tree_size })
            })?
        };
        Ok(Response::new(self.to_wire(head)))
    }

    async fn list_checkpoints(
        &self,
        request: Request<ListCheckpointsRequest>,
    ) -> Result<Response<ListCheckpointsResponse>, Status> {
        let (_, request) = rpc::accept(request)?;
        let page = Page::read(request.page_size, &request.page_token, &[])?;
        let mut heads = log::heads(self.db.pool(), page.key(0)?, page.limit())
            .await
            .map_err(Error::from)?;
        let next_page_token = page.next(&mut heads, |head| vec![head.tree_size.to_string()]);
        let checkpoints = heads.into_iter().map(head_to_wire).collect();
        Ok(Response::new(ListCheckpointsResponse {
            checkpoints,
            next_page_token,
        }))
    }

    async fn get_inclusion_proof(
        &self,
        request: Request<GetInclusionProofRequest>,
    ) -> Result<Response<InclusionProof>, Status> {
        let (call, request) = rpc::accept(request)?;
        require_reader(&call)?;
        let id: Uuid = request
            .event
            .parse()
            .map_err(|_| Error::invalid("event", "must be a UUID"))?;
        let found = log::leaf_of(self.db.pool(), id)
            .await
            .map_err(Error::from)?;
        let regions = call.caller.regions();
        let roots = call.caller.contracts();
        let (event, leaf_index) = found
            .filter(|(event, _)| regions.is_none_or(|regions| regions.contains(&event.region)))
            .filter(|(event, _)| roots.is_none_or(|roots| roots.contains(&event.root)))
            .ok_or_else(|| Error::NotFound(format!("event {id}")))?;
        let head = self.checkpoint(request.tree_size).await?;
        let not_sealed = || {
            Error::from(ProofRefusal::NotSealed {
                event: id.to_string(),
                tree_size: head.tree_size,
            })
        };
        let leaf_index = leaf_index.ok_or_else(not_sealed)?;
        let hashes = log::inclusion(self.db.pool(), count(leaf_index), count(head.tree_size))
            .await
            .map_err(Error::from)?
            .ok_or_else(not_sealed)?;
        let event = to_wire(event);
        // Bytes that cannot be read do not have the hash that is proved.
        let differences = content::differences(&event).unwrap_or_default();
        Ok(Response::new(InclusionProof {
            event: Some(event),
            differences,
            leaf_index,
            hashes: to_bytes(hashes),
            checkpoint: Some(self.to_wire(head)),
        }))
    }

    async fn get_consistency_proof(
        &self,
        request: Request<GetConsistencyProofRequest>,
    ) -> Result<Response<ConsistencyProof>, Status> {
        let (_, request) = rpc::accept(request)?;
        let first = self.checkpoint(request.first_tree_size).await?;
        let second = self.checkpoint(request.second_tree_size).await?;
        let (from, to) = (count(first.tree_size), count(second.tree_size));
        let hashes = log::consistency(self.db.pool(), from, to)
            .await
            .map_err(Error::from)?
            .ok_or_else(|| {
                let tree_size = first.tree_size;
                Error::from(ProofRefusal::UnknownSize { tree_size })
            })?;
        Ok(Response::new(ConsistencyProof {
            first: Some(self.to_wire(first)),
            second: Some(self.to_wire(second)),
            hashes: to_bytes(hashes),
        }))
    }

    async fn get_subtree_hashes(
        &self,
        request: Request<GetSubtreeHashesRequest>,
    ) -> Result<Response<GetSubtreeHashesResponse>, Status> {
        let (_, request) = rpc::accept(request)?;
        let nodes: Vec<Node> = request
            .subtrees
            .iter()
            .map(|subtree| Node {
                level: subtree.level.unsigned_abs(),
                index: count(subtree.index),
            })
            .collect();
        let out_of_log = || Error::invalid("subtrees", "one of them is not complete in this log");
        // A place so far away that it cannot be counted is in no log.
        let highest = u64::MAX >> 2;
        if nodes.iter().any(|node| node.index >= highest >> node.level) {
            return Err(out_of_log().into());
        }
        let hashes = log::subtrees(self.db.pool(), &nodes)
            .await
            .map_err(Error::from)?
            .ok_or_else(out_of_log)?;
        let hashes = to_bytes(hashes);
        Ok(Response::new(GetSubtreeHashesResponse { hashes }))
    }

    type ExportEventsStream = Pin<Box<dyn Stream<Item = Result<ExportedEvent, Status>> + Send>>;

    async fn export_events(
        &self,
        request: Request<ExportEventsRequest>,
    ) -> Result<Response<Self::ExportEventsStream>, Status> {
        let (call, request) = rpc::accept(request)?;
        require_reader(&call)?;
        self.checkpoint(request.tree_size).await?;
        let part = export::part(&call, &request)?;
        let events = export::begin(self.db.clone(), part, request.max_events).await?;
        Ok(Response::new(Box::pin(events)))
    }
}

/// A place or a size; the tables and the rules of the messages hold no negative ones.
fn count(number: i64) -> u64 {
    number.unsigned_abs()
}

fn to_bytes(hashes: Vec<Hash>) -> Vec<Vec<u8>> {
    hashes.into_iter().map(|hash| hash.to_vec()).collect()
}

fn head_to_wire(head: SignedHead) -> Checkpoint {
    Checkpoint {
        tree_size: head.tree_size,
        root_hash: head.root_hash,
        sign_time: Some(timestamp(head.signed_at)),
        note: head.note,
        verifier_keys: Vec::new(),
    }
}
