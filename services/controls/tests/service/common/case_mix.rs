//! The PMSI data that the targets service would tell of.

use proto::targets::v1::{self as targets, case_mix_service_server::CaseMixService};
use tonic::{Request, Response, Status, Streaming};

use super::peers::{Answering, away, not_asked};

/// A version made of one import.
pub(crate) fn version() -> targets::CaseMixVersion {
    targets::CaseMixVersion {
        region: super::REGION.to_owned(),
        year: super::YEAR,
        version: "cd34".repeat(16),
        imports: vec![targets::CurrentImport {
            import: "caseMixImports/0198c0de-0000-7000-8000-000000000003".to_owned(),
            field: targets::PmsiField::Mco.into(),
            sha256: "ab12".repeat(16),
            source: "ATIH".to_owned(),
            extraction_date: "2025-02-15".to_owned(),
            through_month: 12,
            establishments: 14,
        }],
    }
}

#[tonic::async_trait]
impl CaseMixService for Answering {
    async fn get_case_mix_version(
        &self,
        request: Request<targets::GetCaseMixVersionRequest>,
    ) -> Result<Response<targets::CaseMixVersion>, Status> {
        away(&self.0.targets_away)?;
        self.0
            .case_mix_asked
            .lock()
            .unwrap()
            .push(request.into_inner());
        let told = self.0.case_mix.lock().unwrap().clone();
        Ok(Response::new(told))
    }

    async fn import_case_mix(
        &self,
        _: Request<Streaming<targets::ImportCaseMixRequest>>,
    ) -> Result<Response<targets::CaseMixReport>, Status> {
        not_asked()
    }

    async fn get_case_mix_import(
        &self,
        _: Request<targets::GetCaseMixImportRequest>,
    ) -> Result<Response<targets::CaseMixImport>, Status> {
        not_asked()
    }

    async fn list_case_mix_imports(
        &self,
        _: Request<targets::ListCaseMixImportsRequest>,
    ) -> Result<Response<targets::ListCaseMixImportsResponse>, Status> {
        not_asked()
    }

    async fn list_case_mix_figures(
        &self,
        _: Request<targets::ListCaseMixFiguresRequest>,
    ) -> Result<Response<targets::ListCaseMixFiguresResponse>, Status> {
        not_asked()
    }
}
