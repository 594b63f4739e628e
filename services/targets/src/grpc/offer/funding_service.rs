//! `FundingService`.

use proto::targets::v1::{self as pb, funding_service_server::FundingService};

use crate::app::{
    App,
    offer::{home_care, means_and_results, set_tariffs, state_figures, waive_modulation},
};

pub(crate) struct Fundings(pub(crate) App);

rpc::answers! {
    FundingService for Fundings;

    fn record_allowances(app, call, request: pb::RecordAllowancesRequest) -> pb::FundingRecording {
        state_figures::allowances(app, &call, &request).await?
    }
    fn list_allowances(app, call, request: pb::ListAllowancesRequest)
        -> pb::ListAllowancesResponse
    {
        state_figures::list_allowances(app, &call, &request).await?
    }
    fn record_fundings(app, call, request: pb::RecordFundingsRequest) -> pb::FundingRecording {
        state_figures::fundings(app, &call, &request).await?
    }
    fn get_means_and_results(app, call, request: pb::GetMeansAndResultsRequest)
        -> pb::MeansAndResults
    {
        means_and_results::run(app, &call, &request).await?
    }
    fn record_allowance_targets(app, call, request: pb::RecordAllowanceTargetsRequest)
        -> pb::FundingRecording
    {
        set_tariffs::targets(app, &call, &request).await?
    }
    fn record_point_values(app, call, request: pb::RecordPointValuesRequest)
        -> pb::FundingRecording
    {
        set_tariffs::points(app, &call, &request).await?
    }
    fn list_point_values(app, call, request: pb::ListPointValuesRequest)
        -> pb::ListPointValuesResponse
    {
        set_tariffs::list_points(app, &call, &request).await?
    }
    fn compute_tariff_equation(app, call, request: pb::ComputeTariffEquationRequest)
        -> pb::TariffEquation
    {
        set_tariffs::compute(app, &call, &request).await?
    }
    fn record_home_care_amounts(app, call, request: pb::RecordHomeCareAmountsRequest)
        -> pb::FundingRecording
    {
        home_care::amounts(app, &call, &request).await?
    }
    fn list_home_care_amounts(app, call, request: pb::ListHomeCareAmountsRequest)
        -> pb::ListHomeCareAmountsResponse
    {
        home_care::list(app, &call, &request).await?
    }
    fn compute_home_care_equation(app, call, request: pb::ComputeHomeCareEquationRequest)
        -> pb::HomeCareEquation
    {
        home_care::compute(app, &call, &request).await?
    }
    fn waive_modulation(app, call, request: pb::WaiveModulationRequest) -> pb::ModulationWaiver {
        waive_modulation::run(app, &call, &request).await?
    }
    fn list_modulation_waivers(app, call, request: pb::ListModulationWaiversRequest)
        -> pb::ListModulationWaiversResponse
    {
        waive_modulation::list(app, &call, &request).await?
    }
}
