//! `CaseMixService`.

use proto::targets::v1::{self as pb, case_mix_service_server::CaseMixService};
use tonic::{Request, Response, Status, Streaming};

use crate::app::{
    App,
    data::{case_mix_version, import_case_mix::Import, read_case_mix, upload::Upload},
};

pub(crate) struct CaseMix(pub(crate) App);

rpc::answers! {
    CaseMixService for CaseMix;

    fn get_case_mix_import(app, call, request: pb::GetCaseMixImportRequest) -> pb::CaseMixImport {
        read_case_mix::get(app, &call, &request).await?
    }
    fn list_case_mix_imports(app, call, request: pb::ListCaseMixImportsRequest)
        -> pb::ListCaseMixImportsResponse
    {
        read_case_mix::list(app, &call, &request).await?
    }
    fn list_case_mix_figures(app, call, request: pb::ListCaseMixFiguresRequest)
        -> pb::ListCaseMixFiguresResponse
    {
        read_case_mix::figures(app, &call, &request).await?
    }
    fn get_case_mix_version(app, call, request: pb::GetCaseMixVersionRequest)
        -> pb::CaseMixVersion
    {
        case_mix_version::get(app, &call, &request).await?
    }

    by hand {
        async fn import_case_mix(
            &self,
            request: Request<Streaming<pb::ImportCaseMixRequest>>,
        ) -> Result<Response<pb::CaseMixReport>, Status> {
            let (call, messages) = rpc::open(request)?;
            let mut upload = Upload::new(&call, messages);
            let import = Import::allow(&self.0, &call, upload.header().await?).await?;
            Ok(Response::new(import.run(&self.0, &call, upload).await?))
        }
    }
}
