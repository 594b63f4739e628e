//! `NegotiationService`.

use proto::contracts::v1::{
    DiffVersionsRequest, DiffVersionsResponse, ListPositionsRequest, ListPositionsResponse,
    Position, RecordPositionRequest, negotiation_service_server::NegotiationService,
};
use tonic::{Request, Response, Status};

use crate::app::{App, compare_versions, positions};

/// Answers `NegotiationService`.
#[derive(Debug, Clone)]
pub(crate) struct Negotiation(pub(crate) App);

#[tonic::async_trait]
impl NegotiationService for Negotiation {
    async fn diff_versions(
        &self,
        request: Request<DiffVersionsRequest>,
    ) -> Result<Response<DiffVersionsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            compare_versions::run(&self.0, &call, request).await?,
        ))
    }

    async fn record_position(
        &self,
        request: Request<RecordPositionRequest>,
    ) -> Result<Response<Position>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            positions::record(&self.0, &call, request).await?,
        ))
    }

    async fn list_positions(
        &self,
        request: Request<ListPositionsRequest>,
    ) -> Result<Response<ListPositionsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            positions::list(&self.0, &call, request).await?,
        ))
    }
}
