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

rpc::answers! {
    TerritoryService for Territories;

    fn get_outlines(app, _, request: pb::GetOutlinesRequest) -> pb::Outlines {
        read_outlines::outlines(app, &request).await?
    }
    fn list_territory_versions(app, _, request: pb::ListTerritoryVersionsRequest)
        -> pb::ListTerritoryVersionsResponse
    {
        read_territories::versions(app, &request).await?
    }
    fn list_territories(app, _, request: pb::ListTerritoriesRequest)
        -> pb::ListTerritoriesResponse
    {
        read_territories::territories(app, &request).await?
    }
    fn list_populations(app, _, request: pb::ListPopulationsRequest)
        -> pb::ListPopulationsResponse
    {
        read_territories::populations(app, &request).await?
    }

    by hand {
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

        async fn import_population(
            &self,
            request: Request<Streaming<pb::ImportPopulationRequest>>,
        ) -> Result<Response<pb::FileReport>, Status> {
            let (call, messages) = rpc::open(request)?;
            let report = import::<import_population::Import>(&self.0, &call, messages).await?;
            Ok(Response::new(report))
        }
    }
}
