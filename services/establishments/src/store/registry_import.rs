//! Table `registry_import`, and the lock that lets one import at a time compare and write.

use kernel::Region;
use proto::establishments::v1::ImportReport;
use sqlx::{Executor as _, PgConnection};
use store::Error;
use time::OffsetDateTime;

use crate::domain::registry::RegistryImportId;

/// Waits for the imports that are under way, until the end of the transaction. What one compares must
/// still hold when it writes, and legal entities are shared between regions, so there is one lock.
pub(crate) async fn serialise(connection: &mut PgConnection) -> Result<(), Error> {
    // A national file takes seconds to write; another import may wait for a few of them.
    connection
        .execute("set local lock_timeout = '120s'; set local statement_timeout = '120s'")
        .await?;
    connection
        .execute("select pg_advisory_xact_lock(hashtext('cpom-registry-import'))")
        .await?;
    Ok(())
}

/// Records what an import did.
pub(crate) async fn save(
    connection: &mut PgConnection,
    id: RegistryImportId,
    region: Region,
    report: &ImportReport,
    at: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query(
        "insert into registry_import (
             id,
             region,
             file_name,
             sha256,
             report,
             imported_at
         )
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id.0)
    .bind(region.code())
    .bind(&report.file_name)
    .bind(&report.sha256)
    .bind(proto::json::to_value(report, true)?)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}
