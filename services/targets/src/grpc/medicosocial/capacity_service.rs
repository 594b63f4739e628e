//! `CapacityService`.

use proto::targets::v1::{self as pb, capacity_service_server::CapacityService};

use crate::app::{
    App,
    medicosocial::{
        compare_indicator, compare_occupancy, compute_modulation, get_occupancy, read_capacities,
        read_recordings, record_capacities,
    },
};

pub(crate) struct Capacities(pub(crate) App);

rpc::answers! {
    CapacityService for Capacities;

    fn record_capacities(app, call, request: pb::RecordCapacitiesRequest) -> pb::CapacityRecording {
        record_capacities::run(app, &call, &request).await?
    }
    fn list_capacities(app, call, request: pb::ListCapacitiesRequest)
        -> pb::ListCapacitiesResponse
    {
        read_capacities::list(app, &call, &request).await?
    }
    fn list_capacity_recordings(app, call, request: pb::ListCapacityRecordingsRequest)
        -> pb::ListCapacityRecordingsResponse
    {
        read_recordings::list(app, &call, &request).await?
    }
    fn get_plan_report(app, call, request: pb::GetPlanReportRequest) -> pb::PlanReport {
        read_capacities::plan_report(app, &call, &request).await?
    }
    fn get_occupancy(app, call, request: pb::GetOccupancyRequest) -> pb::Occupancy {
        get_occupancy::run(app, &call, &request).await?
    }
    fn compare_occupancy(app, call, request: pb::CompareOccupancyRequest)
        -> pb::OccupancyComparison
    {
        compare_occupancy::run(app, &call, &request).await?
    }
    fn compare_indicator(app, call, request: pb::CompareIndicatorRequest)
        -> pb::IndicatorComparison
    {
        compare_indicator::run(app, &call, &request).await?
    }
    fn list_modulation_parameters(app, _, request: pb::ListModulationParametersRequest)
        -> pb::ListModulationParametersResponse
    {
        compute_modulation::parameters(app, &request).await?
    }
    fn compute_ehpad_modulation(app, call, request: pb::ComputeEhpadModulationRequest)
        -> pb::ModulationProposal
    {
        compute_modulation::of_ehpad(app, &call, &request).await?
    }
    fn compute_clause_modulation(app, call, request: pb::ComputeClauseModulationRequest)
        -> pb::ModulationProposal
    {
        compute_modulation::of_clause(app, &call, &request).await?
    }
}
