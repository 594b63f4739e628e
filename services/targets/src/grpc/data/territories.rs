//! `TerritoryService`.

use proto::targets::v1::{self as pb, territory_service_server::TerritoryService};
use tonic::{Request, Response, Status, Streaming};

use crate::app::{
    App,
    data::{
        import_outlines, import_population, import_territories, read_outlines, read_territories,
        whole_file::import,
    },
};

pub(crate) struct Territories(pub(crate) App);

#[tonic::async_trait]
impl TerritoryService for Territories {
    async fn import_territories(
        &self,
        request: Request<Streaming<pb::ImportTerritoriesRequest>>,
    ) -> Result<Response<pb::FileReport>, Status> {
        let (call, messages) = rpc::open(request)?;
        let report = import::<import_territories::Import>(&self.0, &call, messages).await?;
        Ok(Response::new(report))
    }

    async fn import_outlines(
        &self,
        request: Request<Streaming<pb::ImportOutlinesRequest>>,
    ) -> Result<Response<pb::FileReport>, Status> {
        let (call, messages) = rpc::open(request)?;
        let report = import::<import_outlines::Import>(&self.0, &call, messages).await?;
        Ok(Response::new(report))
    }

    async fn get_outlines(
        &self,
        request: Request<pb::GetOutlinesRequest>,
    ) -> Result<Response<pb::Outlines>, Status> {
        let (_, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_outlines::outlines(&self.0, &request).await?,
        ))
    }

    async fn import_population(
        &self,
        request: Request<Streaming<pb::ImportPopulationRequest>>,
    ) -> Result<Response<pb::FileReport>, Status> {
        let (call, messages) = rpc::open(request)?;
        let report = import::<import_population::Import>(&self.0, &call, messages).await?;
        Ok(Response::new(report))
    }

    async fn list_territory_versions(
        &self,
        request: Request<pb::ListTerritoryVersionsRequest>,
    ) -> Result<Response<pb::ListTerritoryVersionsResponse>, Status> {
        let (_, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_territories::versions(&self.0, &request).await?,
        ))
    }

    async fn list_territories(
        &self,
        request: Request<pb::ListTerritoriesRequest>,
    ) -> Result<Response<pb::ListTerritoriesResponse>, Status> {
        let (_, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_territories::territories(&self.0, &request).await?,
        ))
    }

    async fn list_populations(
        &self,
        request: Request<pb::ListPopulationsRequest>,
    ) -> Result<Response<pb::ListPopulationsResponse>, Status> {
        let (_, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_territories::populations(&self.0, &request).await?,
        ))
    }
}
