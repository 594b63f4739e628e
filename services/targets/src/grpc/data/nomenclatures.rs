//! `NomenclatureService`.

use proto::targets::v1::{self as pb, nomenclature_service_server::NomenclatureService};
use tonic::{Request, Response, Status, Streaming};

use crate::app::{
    App,
    data::{import_nomenclature::Import, read_nomenclatures, whole_file::import},
};

pub(crate) struct Nomenclatures(pub(crate) App);

rpc::answers! {
    NomenclatureService for Nomenclatures;

    fn list_nomenclature_versions(app, _, request: pb::ListNomenclatureVersionsRequest)
        -> pb::ListNomenclatureVersionsResponse
    {
        read_nomenclatures::versions(app, &request).await?
    }
    fn list_nomenclature_entries(app, _, request: pb::ListNomenclatureEntriesRequest)
        -> pb::ListNomenclatureEntriesResponse
    {
        read_nomenclatures::entries(app, &request).await?
    }

    by hand {
        async fn import_nomenclature(
            &self,
            request: Request<Streaming<pb::ImportNomenclatureRequest>>,
        ) -> Result<Response<pb::FileReport>, Status> {
            let (call, messages) = rpc::open(request)?;
            let report = import::<Import>(&self.0, &call, messages).await?;
            Ok(Response::new(report))
        }
    }
}
