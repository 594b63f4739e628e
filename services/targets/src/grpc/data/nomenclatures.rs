//! `NomenclatureService`.

use proto::targets::v1::{self as pb, nomenclature_service_server::NomenclatureService};
use tonic::{Request, Response, Status, Streaming};

use crate::app::{
    App,
    data::{import_nomenclature::Import, read_nomenclatures, upload::Upload},
};

pub(crate) struct Nomenclatures(pub(crate) App);

#[tonic::async_trait]
impl NomenclatureService for Nomenclatures {
    async fn import_nomenclature(
        &self,
        request: Request<Streaming<pb::ImportNomenclatureRequest>>,
    ) -> Result<Response<pb::FileReport>, Status> {
        let (call, messages) = rpc::open(request)?;
        let mut upload = Upload::new(&call, messages);
        let import = Import::allow(&call, upload.header().await?)?;
        let file = upload.file().await?;
        Ok(Response::new(import.run(&self.0, &call, file).await?))
    }

    async fn list_nomenclature_versions(
        &self,
        request: Request<pb::ListNomenclatureVersionsRequest>,
    ) -> Result<Response<pb::ListNomenclatureVersionsResponse>, Status> {
        let (_, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_nomenclatures::versions(&self.0, &request).await?,
        ))
    }

    async fn list_nomenclature_entries(
        &self,
        request: Request<pb::ListNomenclatureEntriesRequest>,
    ) -> Result<Response<pb::ListNomenclatureEntriesResponse>, Status> {
        let (_, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_nomenclatures::entries(&self.0, &request).await?,
        ))
    }
}
