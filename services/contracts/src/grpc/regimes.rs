//! `RegimeService`.

use proto::contracts::v1::{
    GetRegimeRequest, LegalRegime, ListRegimesRequest, ListRegimesResponse,
    regime_service_server::RegimeService,
};
use tonic::{Request, Response, Status};

use crate::app::{App, read_regimes};

/// Answers `RegimeService`.
#[derive(Debug, Clone)]
pub(crate) struct Regimes(pub(crate) App);

#[tonic::async_trait]
impl RegimeService for Regimes {
    async fn get_regime(
        &self,
        request: Request<GetRegimeRequest>,
    ) -> Result<Response<LegalRegime>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_regimes::get(&self.0, &call, request).await?,
        ))
    }

    async fn list_regimes(
        &self,
        request: Request<ListRegimesRequest>,
    ) -> Result<Response<ListRegimesResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_regimes::list(&self.0, &call, request).await?,
        ))
    }
}
