//! Which imports of case-mix are current for a region and year.

use kernel::Region;
use sqlx::{PgPool, Row as _, postgres::PgRow};
use store::Error;
use time::{Date, OffsetDateTime};

use super::unknown;
use crate::domain::case_mix::{CaseMixImportId, PmsiField};

/// An import that is the last word on some establishments for a year.
#[derive(Debug, Clone)]
pub(crate) struct Current {
    pub(crate) import: CaseMixImportId,
    pub(crate) field: PmsiField,
    pub(crate) sha256: String,
    pub(crate) source: String,
    pub(crate) extraction_date: Date,
    /// The last month that it counts for any of them.
    pub(crate) through_month: i16,
    pub(crate) establishments: i64,
}

/// The imports that were current at an instant, in the order of their ids.
pub(crate) async fn current(
    pool: &PgPool,
    region: Region,
    year: i16,
    applied_before: OffsetDateTime,
) -> Result<Vec<Current>, Error> {
    let rows = sqlx::query(
        "select
             imported.id,
             imported.field,
             imported.sha256,
             imported.source,
             imported.extraction_date,
             max(last_word.month) as through_month,
             count(*) as establishments
         from (
             select distinct on (field, finess) field, finess, import, month
             from case_mix_coverage
             where region = $1 and year = $2 and applied_at <= $3
             order by field, finess, applied_at desc, import desc
         ) as last_word
         join case_mix_import as imported on imported.id = last_word.import
         group by imported.id
         order by imported.id",
    )
    .bind(region.code())
    .bind(year)
    .bind(applied_before)
    .fetch_all(pool)
    .await?;
    rows.iter().map(of_row).collect()
}

fn of_row(row: &PgRow) -> Result<Current, Error> {
    let field: &str = row.get("field");
    Ok(Current {
        import: CaseMixImportId(row.get("id")),
        field: PmsiField::from_text(field).ok_or_else(|| unknown("field", field))?,
        sha256: row.get("sha256"),
        source: row.get("source"),
        extraction_date: row.get("extraction_date"),
        through_month: row.get("through_month"),
        establishments: row.get("establishments"),
    })
}
