//! `NegotiationService`.

use proto::contracts::v1::{
    DiffVersionsRequest, DiffVersionsResponse, ListPositionsRequest, ListPositionsResponse,
    Position, RecordPositionRequest, negotiation_service_server::NegotiationService,
};

use crate::app::{App, compare_versions, positions};

/// Answers `NegotiationService`.
#[derive(Debug, Clone)]
pub(crate) struct Negotiation(pub(crate) App);

rpc::answers! {
    NegotiationService for Negotiation;

    fn diff_versions(app, call, request: DiffVersionsRequest) -> DiffVersionsResponse {
        compare_versions::run(app, &call, request).await?
    }
    fn record_position(app, call, request: RecordPositionRequest) -> Position {
        positions::record(app, &call, request).await?
    }
    fn list_positions(app, call, request: ListPositionsRequest) -> ListPositionsResponse {
        positions::list(app, &call, request).await?
    }
}
