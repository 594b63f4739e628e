//! `PeerComparisonService`.

use ::store::Db;
use proto::controls::v1::{self as pb, peer_comparison_service_server::PeerComparisonService};

use crate::app::compare_with_peers;

#[derive(Debug)]
pub struct Peers(pub Db);

rpc::answers! {
    PeerComparisonService for Peers;

    fn get_peer_comparison(db, call, request: pb::GetPeerComparisonRequest) -> pb::PeerComparison {
        compare_with_peers::run(db, &call, request).await?
    }
}
