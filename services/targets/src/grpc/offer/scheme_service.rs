//! `SchemeService`.

use proto::targets::v1::{self as pb, scheme_service_server::SchemeService};
use tonic::{Request, Response, Status};

use crate::{
    app::{
        App,
        offer::{
            change_scheme, compare_scheme,
            kept::{self, Asked},
            record_axes,
        },
    },
    domain::offer::Scheme,
    grpc::offer::schemes::read_state,
};

pub(crate) struct Schemes(pub(crate) App);

#[tonic::async_trait]
impl SchemeService for Schemes {
    async fn record_axes(
        &self,
        request: Request<pb::RecordAxesRequest>,
    ) -> Result<Response<pb::AxisVersion>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            record_axes::run(&self.0, &call, &request).await?,
        ))
    }

    async fn list_axis_versions(
        &self,
        request: Request<pb::ListAxisVersionsRequest>,
    ) -> Result<Response<pb::ListAxisVersionsResponse>, Status> {
        let (_, request) = rpc::accept(request)?;
        Ok(Response::new(record_axes::list(&self.0, &request).await?))
    }

    async fn draft_scheme(
        &self,
        request: Request<pb::DraftSchemeRequest>,
    ) -> Result<Response<pb::Scheme>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            change_scheme::draft(&self.0, &call, &request).await?,
        ))
    }

    async fn get_scheme(
        &self,
        request: Request<pb::GetSchemeRequest>,
    ) -> Result<Response<pb::Scheme>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            kept::get::<Scheme>(&self.0, &call, &request.name).await?,
        ))
    }

    async fn list_schemes(
        &self,
        request: Request<pb::ListSchemesRequest>,
    ) -> Result<Response<pb::ListSchemesResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        let asked = Asked {
            region: &request.region,
            state: read_state(request.state()),
            page_size: request.page_size,
            page_token: &request.page_token,
        };
        let (schemes, next_page_token) = kept::list::<Scheme>(&self.0, &call, &asked).await?;
        Ok(Response::new(pb::ListSchemesResponse {
            schemes,
            next_page_token,
        }))
    }

    async fn replace_scheme(
        &self,
        request: Request<pb::ReplaceSchemeRequest>,
    ) -> Result<Response<pb::Scheme>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            change_scheme::replace(&self.0, &call, &request).await?,
        ))
    }

    async fn adopt_scheme(
        &self,
        request: Request<pb::AdoptSchemeRequest>,
    ) -> Result<Response<pb::Scheme>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            change_scheme::adopt(&self.0, &call, &request).await?,
        ))
    }

    async fn get_scheme_coverage(
        &self,
        request: Request<pb::GetSchemeCoverageRequest>,
    ) -> Result<Response<pb::SchemeCoverage>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            compare_scheme::coverage(&self.0, &call, &request).await?,
        ))
    }

    async fn list_answering_objectives(
        &self,
        request: Request<pb::ListAnsweringObjectivesRequest>,
    ) -> Result<Response<pb::ListAnsweringObjectivesResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            compare_scheme::list(&self.0, &call, &request).await?,
        ))
    }

    async fn get_pathway_report(
        &self,
        request: Request<pb::GetPathwayReportRequest>,
    ) -> Result<Response<pb::PathwayReport>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            compare_scheme::pathway(&self.0, &call, &request).await?,
        ))
    }
}
