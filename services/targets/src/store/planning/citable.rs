//! What dialogues speak of: territories, published rates and imports of case-mix that exist in a region.

use std::collections::BTreeSet;

use kernel::Region;
use sqlx::PgConnection;
use store::Error;

/// Those of the names that are published rate sets or imports of case-mix of the region.
pub(crate) async fn known(
    connection: &mut PgConnection,
    region: Region,
    names: &[&str],
) -> Result<BTreeSet<String>, Error> {
    let known: Vec<String> = sqlx::query_scalar(
        "select name
         from (
             select 'publishedRateSets/' || series || '/versions/' || version as name
             from published_rate_set
             where region = $1
             union all
             select 'caseMixImports/' || id as name
             from case_mix_import
             where region = $1
         ) as citable
         where name = any($2)",
    )
    .bind(region.code())
    .bind(names)
    .fetch_all(connection)
    .await?;
    Ok(known.into_iter().collect())
}

/// Whether `territoryVersions/{version_id}/territories/{code}` is a territory of the region.
pub(crate) async fn is_territory(
    connection: &mut PgConnection,
    region: Region,
    name: &str,
) -> Result<bool, Error> {
    let is_known = sqlx::query_scalar(
        "select exists (
             select
             from territory
             join territory_version on territory_version.id = territory.version
             where
                 territory_version.region = $1
                 and 'territoryVersions/' || territory.version || '/territories/' || territory.code = $2
         )",
    )
    .bind(region.code())
    .bind(name)
    .fetch_one(connection)
    .await?;
    Ok(is_known)
}
