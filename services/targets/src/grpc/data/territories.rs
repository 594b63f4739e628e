//! `TerritoryService`.

use proto::targets::v1::{self as pb, territory_service_server::TerritoryService};
use tonic::{Request, Response, Status, Streaming};

use crate::app::{
    App,
    data::{
        import_outlines, import_population, import_territories, read_outlines, read_territories,
        upload::Upload,
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
        let mut upload = Upload::new(&call, messages);
        let import = import_territories::Import::allow(&call, upload.header().await?)?;
        let file = upload.file().await?;
        Ok(Response::new(import.run(&self.0, &call, file).await?))
    }

    async fn import_outlines(
        &self,
        request: Request<Streaming<pb::ImportOutlinesRequest>>,
    ) -> Result<Response<pb::FileReport>, Status> {
        let (call, messages) = rpc::open(request)?;
        let mut upload = Upload::new(&call, messages);
        let header = upload.header().await?;
        let import = import_outlines::Import::allow(&self.0, &call, header).await?;
        let file = upload.file().await?;
        Ok(Response::new(import.run(&self.0, &call, file).await?))
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
        let mut upload = Upload::new(&call, messages);
        let import = import_population::Import::allow(&call, upload.header().await?)?;
        let file = upload.file().await?;
        Ok(Response::new(import.run(&self.0, &call, file).await?))
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
