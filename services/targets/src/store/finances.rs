//! Financial figures by establishment and year: only ever added; the import applied last counts.

use std::collections::BTreeSet;

use kernel::{Decimal, Finess, Region};
use sqlx::{PgConnection, PgExecutor, Row as _, postgres::PgRow};
use store::Error;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{stored, unknown};
use crate::domain::finances::{
    FigureDefinition, Figures, FinanceImportId, FinanceLayout, definition,
};

/// An import that is applied.
#[derive(Debug, Clone)]
pub(crate) struct Import {
    pub(crate) id: FinanceImportId,
    pub(crate) region: Region,
    pub(crate) layout: FinanceLayout,
    pub(crate) source: String,
    pub(crate) extraction_date: Date,
    pub(crate) file_name: String,
    pub(crate) sha256: String,
    pub(crate) applied_at: OffsetDateTime,
}

/// One import at a time for a region and layout.
pub(crate) async fn serialise(
    connection: &mut PgConnection,
    region: Region,
    layout: FinanceLayout,
) -> Result<(), Error> {
    sqlx::query("select pg_advisory_xact_lock(hashtext('cpom-finances'), hashtext($1))")
        .bind(format!("{}/{}", region.code(), layout.as_str()))
        .execute(connection)
        .await?;
    Ok(())
}

/// Notes that the bytes of a file were looked at.
pub(crate) async fn note_check(
    connection: &mut PgConnection,
    sha256: &str,
    region: Region,
    layout: FinanceLayout,
    at: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query(
        "insert into finance_check (sha256, region, layout, checked_at)
         values ($1, $2, $3, $4)
         on conflict on constraint finance_check_pkey do update set checked_at = excluded.checked_at",
    )
    .bind(sha256)
    .bind(region.code())
    .bind(layout.as_str())
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether the bytes of a file were looked at.
pub(crate) async fn is_checked(
    executor: impl PgExecutor<'_>,
    sha256: &str,
    region: Region,
    layout: FinanceLayout,
) -> Result<bool, Error> {
    Ok(sqlx::query_scalar(
        "select exists (select from finance_check where sha256 = $1 and region = $2 and layout = $3)",
    )
    .bind(sha256)
    .bind(region.code())
    .bind(layout.as_str())
    .fetch_one(executor)
    .await?)
}

/// The import of a region and layout that was applied last.
pub(crate) async fn last(
    executor: impl PgExecutor<'_>,
    region: Region,
    layout: FinanceLayout,
) -> Result<Option<Import>, Error> {
    let row = sqlx::query(
        "select id, region, layout, source, extraction_date, file_name, sha256, applied_at
         from finance_import
         where region = $1 and layout = $2
         order by applied_at desc, id desc
         limit 1",
    )
    .bind(region.code())
    .bind(layout.as_str())
    .fetch_optional(executor)
    .await?;
    row.as_ref().map(import).transpose()
}

fn import(row: &PgRow) -> Result<Import, Error> {
    let layout: &str = row.get("layout");
    Ok(Import {
        id: FinanceImportId(row.get::<Uuid, _>("id")),
        region: stored(row.get("region"))?,
        layout: FinanceLayout::from_text(layout).ok_or_else(|| unknown("layout", layout))?,
        source: row.get("source"),
        extraction_date: row.get("extraction_date"),
        file_name: row.get("file_name"),
        sha256: row.get("sha256"),
        applied_at: row.get("applied_at"),
    })
}

/// Of these establishments and years, how many have figures of a layout.
pub(crate) async fn known_years(
    connection: &mut PgConnection,
    layout: FinanceLayout,
    figures: &Figures,
) -> Result<i64, Error> {
    let places: BTreeSet<(Finess, i16)> =
        figures.keys().map(|key| (key.subject, key.year)).collect();
    let subjects: Vec<String> = places.iter().map(|(of, _)| of.to_string()).collect();
    let years: Vec<i16> = places.iter().map(|(_, year)| *year).collect();
    Ok(sqlx::query_scalar(
        "select count(*)
         from unnest($1::text[], $2::smallint[]) as asked (subject, year)
         where exists (
             select
             from finance_figure figure
             join finance_import on finance_import.id = figure.import
             where
                 figure.subject = asked.subject
                 and figure.year = asked.year
                 and finance_import.layout = $3
         )",
    )
    .bind(subjects)
    .bind(years)
    .bind(layout.as_str())
    .fetch_one(connection)
    .await?)
}

/// Writes an import and its figures.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    import: &Import,
    figures: &Figures,
) -> Result<(), Error> {
    sqlx::query(
        "insert into finance_import (
             id, region, layout, source, extraction_date, file_name, sha256, applied_at
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(import.id.0)
    .bind(import.region.code())
    .bind(import.layout.as_str())
    .bind(&import.source)
    .bind(import.extraction_date)
    .bind(&import.file_name)
    .bind(&import.sha256)
    .bind(import.applied_at)
    .execute(&mut *connection)
    .await?;
    let subjects: Vec<String> = figures.keys().map(|key| key.subject.to_string()).collect();
    let years: Vec<i16> = figures.keys().map(|key| key.year).collect();
    let codes: Vec<&str> = figures.keys().map(|key| key.code).collect();
    let details: Vec<&str> = figures.keys().map(|key| key.detail.as_str()).collect();
    let values: Vec<Decimal> = figures.values().copied().collect();
    sqlx::query(
        "insert into finance_figure (import, subject, year, code, detail, value)
         select $1, f.subject, f.year, f.code, f.detail, f.value
         from unnest($2::text[], $3::smallint[], $4::text[], $5::text[], $6::numeric[])
             as f (subject, year, code, detail, value)",
    )
    .bind(import.id.0)
    .bind(subjects)
    .bind(years)
    .bind(codes)
    .bind(details)
    .bind(values)
    .execute(connection)
    .await?;
    Ok(())
}

/// A figure that counts, with the import it comes from.
#[derive(Debug, Clone)]
pub(crate) struct Current {
    pub(crate) subject: Finess,
    pub(crate) year: i16,
    pub(crate) definition: &'static FigureDefinition,
    pub(crate) detail: String,
    pub(crate) value: Decimal,
    pub(crate) import: Import,
}

/// The figures that count of some establishments, in a year or all, by establishment, year, layout and code.
pub(crate) async fn current(
    executor: impl PgExecutor<'_>,
    subjects: &[String],
    year: Option<i16>,
) -> Result<Vec<Current>, Error> {
    let rows = sqlx::query(
        "with place as (
             select distinct on (figure.subject, figure.year, finance_import.layout)
                 figure.subject,
                 figure.year,
                 finance_import.id
             from finance_figure figure
             join finance_import on finance_import.id = figure.import
             where figure.subject = any($1) and ($2::smallint is null or figure.year = $2)
             order by
                 figure.subject,
                 figure.year,
                 finance_import.layout,
                 finance_import.applied_at desc,
                 finance_import.id desc
         )
         select
             figure.subject,
             figure.year,
             figure.code,
             figure.detail,
             figure.value,
             finance_import.id,
             finance_import.region,
             finance_import.layout,
             finance_import.source,
             finance_import.extraction_date,
             finance_import.file_name,
             finance_import.sha256,
             finance_import.applied_at
         from place
         join finance_import on finance_import.id = place.id
         join finance_figure figure
             on figure.import = place.id and figure.subject = place.subject and figure.year = place.year
         order by figure.subject, figure.year, finance_import.layout, figure.code, figure.detail",
    )
    .bind(subjects)
    .bind(year)
    .fetch_all(executor)
    .await?;
    rows.iter()
        .map(|row| {
            let code: &str = row.get("code");
            Ok(Current {
                subject: stored(row.get("subject"))?,
                year: row.get("year"),
                definition: definition(code).ok_or_else(|| unknown("figure", code))?,
                detail: row.get("detail"),
                value: row.get("value"),
                import: import(row)?,
            })
        })
        .collect()
}
