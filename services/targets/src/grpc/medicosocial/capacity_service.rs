//! `CapacityService`.

use proto::targets::v1::{self as pb, capacity_service_server::CapacityService};
use tonic::{Request, Response, Status};

use crate::app::{
    App,
    medicosocial::{
        compare_indicator, compare_occupancy, compute_modulation, get_occupancy, read_capacities,
        record_capacities,
    },
};

use crate::app::medicosocial::read_recordings;

pub(crate) struct Capacities(pub(crate) App);

#[tonic::async_trait]
impl CapacityService for Capacities {
    async fn record_capacities(
        &self,
        request: Request<pb::RecordCapacitiesRequest>,
    ) -> Result<Response<pb::CapacityRecording>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            record_capacities::run(&self.0, &call, &request).await?,
        ))
    }

    async fn list_capacities(
        &self,
        request: Request<pb::ListCapacitiesRequest>,
    ) -> Result<Response<pb::ListCapacitiesResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_capacities::list(&self.0, &call, &request).await?,
        ))
    }

    async fn list_capacity_recordings(
        &self,
        request: Request<pb::ListCapacityRecordingsRequest>,
    ) -> Result<Response<pb::ListCapacityRecordingsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_recordings::list(&self.0, &call, &request).await?,
        ))
    }

    async fn get_plan_report(
        &self,
        request: Request<pb::GetPlanReportRequest>,
    ) -> Result<Response<pb::PlanReport>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_capacities::plan_report(&self.0, &call, &request).await?,
        ))
    }

    async fn get_occupancy(
        &self,
        request: Request<pb::GetOccupancyRequest>,
    ) -> Result<Response<pb::Occupancy>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            get_occupancy::run(&self.0, &call, &request).await?,
        ))
    }

    async fn compare_occupancy(
        &self,
        request: Request<pb::CompareOccupancyRequest>,
    ) -> Result<Response<pb::OccupancyComparison>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            compare_occupancy::run(&self.0, &call, &request).await?,
        ))
    }

    async fn compare_indicator(
        &self,
        request: Request<pb::CompareIndicatorRequest>,
    ) -> Result<Response<pb::IndicatorComparison>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            compare_indicator::run(&self.0, &call, &request).await?,
        ))
    }

    async fn list_modulation_parameters(
        &self,
        request: Request<pb::ListModulationParametersRequest>,
    ) -> Result<Response<pb::ListModulationParametersResponse>, Status> {
        let (_, request) = rpc::accept(request)?;
        Ok(Response::new(
            compute_modulation::parameters(&self.0, &request).await?,
        ))
    }

    async fn compute_ehpad_modulation(
        &self,
        request: Request<pb::ComputeEhpadModulationRequest>,
    ) -> Result<Response<pb::ModulationProposal>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            compute_modulation::of_ehpad(&self.0, &call, &request).await?,
        ))
    }

    async fn compute_clause_modulation(
        &self,
        request: Request<pb::ComputeClauseModulationRequest>,
    ) -> Result<Response<pb::ModulationProposal>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            compute_modulation::of_clause(&self.0, &call, &request).await?,
        ))
    }
}
