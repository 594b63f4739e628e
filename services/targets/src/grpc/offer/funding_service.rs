//! `FundingService`.

use proto::targets::v1::{self as pb, funding_service_server::FundingService};
use tonic::{Request, Response, Status};

use crate::app::{
    App,
    offer::{means_and_results, state_figures},
};

pub(crate) struct Fundings(pub(crate) App);

#[tonic::async_trait]
impl FundingService for Fundings {
    async fn record_allowances(
        &self,
        request: Request<pb::RecordAllowancesRequest>,
    ) -> Result<Response<pb::FundingRecording>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            state_figures::allowances(&self.0, &call, &request).await?,
        ))
    }

    async fn list_allowances(
        &self,
        request: Request<pb::ListAllowancesRequest>,
    ) -> Result<Response<pb::ListAllowancesResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            state_figures::list_allowances(&self.0, &call, &request).await?,
        ))
    }

    async fn record_fundings(
        &self,
        request: Request<pb::RecordFundingsRequest>,
    ) -> Result<Response<pb::FundingRecording>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            state_figures::fundings(&self.0, &call, &request).await?,
        ))
    }

    async fn get_means_and_results(
        &self,
        request: Request<pb::GetMeansAndResultsRequest>,
    ) -> Result<Response<pb::MeansAndResults>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            means_and_results::run(&self.0, &call, &request).await?,
        ))
    }
}
