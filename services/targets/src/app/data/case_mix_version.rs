//! The version of the PMSI data of a region and year: what a campaign freezes.

use kernel::Region;
use proto::targets::v1 as pb;
use rpc::{Call, Error};
use sha2::{Digest as _, Sha256};

use crate::{
    app::App,
    grpc::{data::kinds, scalars::parse},
    store::{
        case_mix_version::{self, Current},
        case_mix_write,
    },
};

pub(crate) async fn get(
    app: &App,
    call: &Call,
    request: &pb::GetCaseMixVersionRequest,
) -> Result<pb::CaseMixVersion, Error> {
    let region: Region = parse("region", &request.region)?;
    call.caller.require_region(region, &call.permission)?;
    let year = i16::try_from(request.year).map_err(|error| Error::invalid("year", error))?;
    let applied_before = match &request.applied_before {
        Some(timestamp) => kit::from_timestamp(timestamp)
            .ok_or_else(|| Error::invalid("applied_before", "is not an instant"))?,
        None => call.at,
    };
    let pool = app.db.pool();
    // An import that began before that instant and is not committed must not appear between two readings.
    case_mix_write::wait_for_imports(pool, region).await?;
    let imports = case_mix_version::current(pool, region, year, applied_before).await?;
    Ok(pb::CaseMixVersion {
        region: region.to_string(),
        year: request.year,
        version: version(&imports),
        imports: imports.iter().map(write_import).collect(),
    })
}

/// See `CaseMixVersion.version`: anybody who holds the files can compute it again.
fn version(imports: &[Current]) -> String {
    if imports.is_empty() {
        return String::new();
    }
    let mut hash = Sha256::new();
    for current in imports {
        hash.update(format!("{} {}\n", current.import, current.sha256));
    }
    hex::encode(hash.finalize())
}

fn write_import(current: &Current) -> pb::CurrentImport {
    pb::CurrentImport {
        import: current.import.to_string(),
        field: kinds::write_field(current.field).into(),
        sha256: current.sha256.clone(),
        source: current.source.clone(),
        extraction_date: current.extraction_date.to_string(),
        through_month: current.through_month.into(),
        establishments: current.establishments,
    }
}
