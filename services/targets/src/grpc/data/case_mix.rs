//! `CaseMixService`.

use proto::targets::v1::{self as pb, case_mix_service_server::CaseMixService};
use tonic::{Request, Response, Status, Streaming};

use crate::app::{
    App,
    data::{case_mix_version, import_case_mix::Import, read_case_mix, upload::Upload},
};

pub(crate) struct CaseMix(pub(crate) App);

#[tonic::async_trait]
impl CaseMixService for CaseMix {
    async fn import_case_mix(
        &self,
        request: Request<Streaming<pb::ImportCaseMixRequest>>,
    ) -> Result<Response<pb::CaseMixReport>, Status> {
        let (call, messages) = rpc::open(request)?;
        let mut upload = Upload::new(&call, messages);
        let import = Import::allow(&self.0, &call, upload.header().await?).await?;
        Ok(Response::new(import.run(&self.0, &call, upload).await?))
    }

    async fn get_case_mix_import(
        &self,
        request: Request<pb::GetCaseMixImportRequest>,
    ) -> Result<Response<pb::CaseMixImport>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_case_mix::get(&self.0, &call, &request).await?,
        ))
    }

    async fn list_case_mix_imports(
        &self,
        request: Request<pb::ListCaseMixImportsRequest>,
    ) -> Result<Response<pb::ListCaseMixImportsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_case_mix::list(&self.0, &call, &request).await?,
        ))
    }

    async fn list_case_mix_figures(
        &self,
        request: Request<pb::ListCaseMixFiguresRequest>,
    ) -> Result<Response<pb::ListCaseMixFiguresResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_case_mix::figures(&self.0, &call, &request).await?,
        ))
    }

    async fn get_case_mix_version(
        &self,
        request: Request<pb::GetCaseMixVersionRequest>,
    ) -> Result<Response<pb::CaseMixVersion>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            case_mix_version::get(&self.0, &call, &request).await?,
        ))
    }
}
