//! Asking the targets service which PMSI data it holds.

use kernel::Region;
use kit::timestamp;
use proto::targets::v1::{self as targets, case_mix_service_client::CaseMixServiceClient};
use rpc::client::Peer;
use time::OffsetDateTime;
use tonic::Status;

use crate::domain::pmsi::{PmsiData, PmsiImport};

/// The version of the PMSI data of a region and year at an instant.
pub async fn held(
    targets: Peer,
    region: Region,
    year: i32,
    at: OffsetDateTime,
) -> Result<PmsiData, Status> {
    let request = targets::GetCaseMixVersionRequest {
        region: region.code().to_owned(),
        year,
        applied_before: Some(timestamp(at)),
    };
    let told = CaseMixServiceClient::new(targets)
        .get_case_mix_version(request)
        .await?
        .into_inner();
    Ok(PmsiData {
        version: told.version,
        imports: told.imports.into_iter().map(import).collect(),
    })
}

fn import(told: targets::CurrentImport) -> PmsiImport {
    let field = told.field().as_str_name();
    PmsiImport {
        field: field.trim_start_matches("PMSI_FIELD_").to_owned(),
        import: told.import,
        sha256: told.sha256,
        source: told.source,
        extraction_date: told.extraction_date,
        through_month: told.through_month,
        establishments: told.establishments,
    }
}
