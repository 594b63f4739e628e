//! `PeerComparisonService`.

use ::store::Db;
use proto::controls::v1::{self as pb, peer_comparison_service_server::PeerComparisonService};
use tonic::{Request, Response, Status};

use crate::app::compare_with_peers;

#[derive(Debug)]
pub struct Peers(pub Db);

#[tonic::async_trait]
impl PeerComparisonService for Peers {
    async fn get_peer_comparison(
        &self,
        request: Request<pb::GetPeerComparisonRequest>,
    ) -> Result<Response<pb::PeerComparison>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            compare_with_peers::run(&self.0, &call, request).await?,
        ))
    }
}
