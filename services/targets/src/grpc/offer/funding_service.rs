//! `FundingService`.

use proto::targets::v1::{self as pb, funding_service_server::FundingService};
use tonic::{Request, Response, Status};

use crate::app::{
    App,
    offer::{home_care, means_and_results, set_tariffs, state_figures, waive_modulation},
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

    async fn record_allowance_targets(
        &self,
        request: Request<pb::RecordAllowanceTargetsRequest>,
    ) -> Result<Response<pb::FundingRecording>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            set_tariffs::targets(&self.0, &call, &request).await?,
        ))
    }

    async fn record_point_values(
        &self,
        request: Request<pb::RecordPointValuesRequest>,
    ) -> Result<Response<pb::FundingRecording>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            set_tariffs::points(&self.0, &call, &request).await?,
        ))
    }

    async fn list_point_values(
        &self,
        request: Request<pb::ListPointValuesRequest>,
    ) -> Result<Response<pb::ListPointValuesResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            set_tariffs::list_points(&self.0, &call, &request).await?,
        ))
    }

    async fn compute_tariff_equation(
        &self,
        request: Request<pb::ComputeTariffEquationRequest>,
    ) -> Result<Response<pb::TariffEquation>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            set_tariffs::compute(&self.0, &call, &request).await?,
        ))
    }

    async fn record_home_care_amounts(
        &self,
        request: Request<pb::RecordHomeCareAmountsRequest>,
    ) -> Result<Response<pb::FundingRecording>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            home_care::amounts(&self.0, &call, &request).await?,
        ))
    }

    async fn list_home_care_amounts(
        &self,
        request: Request<pb::ListHomeCareAmountsRequest>,
    ) -> Result<Response<pb::ListHomeCareAmountsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            home_care::list(&self.0, &call, &request).await?,
        ))
    }

    async fn compute_home_care_equation(
        &self,
        request: Request<pb::ComputeHomeCareEquationRequest>,
    ) -> Result<Response<pb::HomeCareEquation>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            home_care::compute(&self.0, &call, &request).await?,
        ))
    }

    async fn waive_modulation(
        &self,
        request: Request<pb::WaiveModulationRequest>,
    ) -> Result<Response<pb::ModulationWaiver>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            waive_modulation::run(&self.0, &call, &request).await?,
        ))
    }

    async fn list_modulation_waivers(
        &self,
        request: Request<pb::ListModulationWaiversRequest>,
    ) -> Result<Response<pb::ListModulationWaiversResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            waive_modulation::list(&self.0, &call, &request).await?,
        ))
    }
}
