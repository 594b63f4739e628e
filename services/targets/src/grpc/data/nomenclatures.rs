//! `NomenclatureService`.

use proto::targets::v1::{self as pb, nomenclature_service_server::NomenclatureService};
use tonic::{Request, Response, Status, Streaming};

use crate::app::{
    App,
    data::{import_nomenclature::Import, read_nomenclatures, whole_file::import},
};

pub(crate) struct Nomenclatures(pub(crate) App);

#[tonic::async_trait]
impl NomenclatureService for Nomenclatures {
    async fn import_nomenclature(
        &self,
        request: Request<Streaming<pb::ImportNomenclatureRequest>>,
    ) -> Result<Response<pb::FileReport>, Status> {
        let (call, messages) = rpc::open(request)?;
        let report = import::<Import>(&self.0, &call, messages).await?;
        Ok(Response::new(report))
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
