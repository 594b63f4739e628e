//! `SchemeService`.

use proto::targets::v1::{self as pb, scheme_service_server::SchemeService};

use crate::{
    app::{
        App,
        offer::{change_scheme, compare_scheme, kept, record_axes},
    },
    domain::offer::Scheme,
    grpc::offer::schemes::read_state,
};

pub(crate) struct Schemes(pub(crate) App);

rpc::answers! {
    SchemeService for Schemes;

    fn record_axes(app, call, request: pb::RecordAxesRequest) -> pb::AxisVersion {
        record_axes::run(app, &call, &request).await?
    }
    fn list_axis_versions(app, _, request: pb::ListAxisVersionsRequest)
        -> pb::ListAxisVersionsResponse
    {
        record_axes::list(app, &request).await?
    }
    fn draft_scheme(app, call, request: pb::DraftSchemeRequest) -> pb::Scheme {
        change_scheme::draft(app, &call, &request).await?
    }
    fn get_scheme(app, call, request: pb::GetSchemeRequest) -> pb::Scheme {
        kept::get::<Scheme>(app, &call, &request.name).await?
    }
    fn list_schemes(app, call, request: pb::ListSchemesRequest) -> pb::ListSchemesResponse {
        let asked = asked!(request, read_state(request.state()));
        let (schemes, next_page_token) = kept::list::<Scheme>(app, &call, &asked).await?;
        pb::ListSchemesResponse { schemes, next_page_token }
    }
    fn replace_scheme(app, call, request: pb::ReplaceSchemeRequest) -> pb::Scheme {
        change_scheme::replace(app, &call, &request).await?
    }
    fn adopt_scheme(app, call, request: pb::AdoptSchemeRequest) -> pb::Scheme {
        change_scheme::adopt(app, &call, &request).await?
    }
    fn get_scheme_coverage(app, call, request: pb::GetSchemeCoverageRequest) -> pb::SchemeCoverage {
        compare_scheme::coverage(app, &call, &request).await?
    }
    fn list_answering_objectives(app, call, request: pb::ListAnsweringObjectivesRequest)
        -> pb::ListAnsweringObjectivesResponse
    {
        compare_scheme::list(app, &call, &request).await?
    }
    fn get_pathway_report(app, call, request: pb::GetPathwayReportRequest) -> pb::PathwayReport {
        compare_scheme::pathway(app, &call, &request).await?
    }
}
