//! Reading case-mix.

use std::collections::BTreeMap;

use futures::{Stream, StreamExt as _};
use kernel::{Decimal, Finess, Region};
use sqlx::{PgExecutor, PgPool, Row as _, postgres::PgRow};
use store::Error;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{case_mix_write::Import, stored, unknown};
use crate::domain::{
    case_mix::{CaseMixImportId, Figure, Measure, Mode, PmsiField},
    quality::Thresholds,
};

/// The thresholds of a day.
pub(crate) async fn thresholds(
    executor: impl PgExecutor<'_>,
    on: Date,
) -> Result<Thresholds, Error> {
    let rows = sqlx::query(
        "select distinct on (gate) gate, value
         from case_mix_threshold
         where valid_from <= $1
         order by gate, valid_from desc",
    )
    .bind(on)
    .fetch_all(executor)
    .await?;
    let values: BTreeMap<String, Decimal> = rows
        .iter()
        .map(|row| (row.get("gate"), row.get("value")))
        .collect();
    let value = |gate: &str| {
        values
            .get(gate)
            .copied()
            .ok_or_else(|| Error::Inconsistent(format!("no threshold {gate} on {on}")))
    };
    Ok(Thresholds {
        error_groups: value("ERROR_GROUPS")?,
        jump: value("JUMP_AGAINST_LAST_YEAR")?,
        jump_smallest: value("JUMP_SMALLEST")?,
    })
}

/// Whether the bytes of a file were looked at.
pub(crate) async fn is_checked(
    executor: impl PgExecutor<'_>,
    sha256: &str,
    region: Region,
    field: PmsiField,
) -> Result<bool, Error> {
    Ok(sqlx::query_scalar(
        "select exists (select from case_mix_check where sha256 = $1 and region = $2 and field = $3)",
    )
    .bind(sha256)
    .bind(region.code())
    .bind(field.as_str())
    .fetch_one(executor)
    .await?)
}

/// The import of the same bytes that still is the last word for all it covers.
pub(crate) async fn still_current(
    executor: impl PgExecutor<'_>,
    sha256: &str,
    region: Region,
    field: PmsiField,
) -> Result<Option<CaseMixImportId>, Error> {
    let id: Option<Uuid> = sqlx::query_scalar(
        "select id
         from case_mix_import
         where
             sha256 = $1
             and region = $2
             and field = $3
             and not exists (
                 select
                 from case_mix_coverage own
                 join case_mix_coverage later
                     on later.field = own.field
                     and later.year = own.year
                     and later.finess = own.finess
                     and later.applied_at > own.applied_at
                 where own.import = case_mix_import.id and own.field = $3
             )
         order by id desc
         limit 1",
    )
    .bind(sha256)
    .bind(region.code())
    .bind(field.as_str())
    .fetch_optional(executor)
    .await?;
    Ok(id.map(CaseMixImportId))
}

/// The last month of establishments and years that is current.
pub(crate) async fn months(
    executor: impl PgExecutor<'_>,
    region: Region,
    field: PmsiField,
    years: &[i16],
) -> Result<BTreeMap<(Finess, i16), u8>, Error> {
    let rows = sqlx::query(
        "select distinct on (year, finess) finess, year, month
         from case_mix_coverage
         where field = $1 and region = $2 and year = any($3)
         order by year, finess, applied_at desc, import desc",
    )
    .bind(field.as_str())
    .bind(region.code())
    .bind(years)
    .fetch_all(executor)
    .await?;
    rows.iter()
        .map(|row| {
            let month: i16 = row.get("month");
            let finess = stored(row.get("finess"))?;
            Ok(((finess, row.get("year")), u8::try_from(month).unwrap_or(0)))
        })
        .collect()
}

/// Current figures of years, by establishment and measure.
pub(crate) async fn totals(
    executor: impl PgExecutor<'_>,
    region: Region,
    field: PmsiField,
    years: &[i16],
) -> Result<BTreeMap<(Finess, i16, Measure), Figure>, Error> {
    let rows = sqlx::query(
        "with current as (
             select distinct on (year, finess) finess, year, import
             from case_mix_coverage
             where field = $1 and region = $2 and year = any($3)
             order by year, finess, applied_at desc, import desc
         )
         select
             figure.finess,
             figure.year,
             figure.unit,
             sum(figure.known)::bigint as known,
             sum(figure.masked)::bigint as masked
         from current
         join case_mix_figure figure
             on figure.import = current.import and figure.finess = current.finess and figure.year = current.year
         group by figure.finess, figure.year, figure.unit",
    )
    .bind(field.as_str())
    .bind(region.code())
    .bind(years)
    .fetch_all(executor)
    .await?;
    rows.iter()
        .map(|row| {
            let unit: &str = row.get("unit");
            let measure = Measure::from_text(unit).ok_or_else(|| unknown("unit", unit))?;
            let figure = Figure {
                known: row.get("known"),
                masked: row.get("masked"),
            };
            Ok((
                (stored(row.get("finess"))?, row.get("year"), measure),
                figure,
            ))
        })
        .collect()
}

/// An import and for how many establishments it is still the last word.
pub(crate) struct Listed {
    pub(crate) import: Import,
    pub(crate) current: i64,
}

fn listed(row: &PgRow) -> Result<Listed, Error> {
    let field: &str = row.get("field");
    let nomenclature: &str = row.get("nomenclature");
    Ok(Listed {
        import: Import {
            id: CaseMixImportId(row.get("id")),
            region: stored(row.get("region"))?,
            field: PmsiField::from_text(field).ok_or_else(|| unknown("field", field))?,
            nomenclature: stored(nomenclature)?,
            source: row.get("source"),
            extraction_date: row.get("extraction_date"),
            file_name: row.get("file_name"),
            sha256: row.get("sha256"),
            accepted_gates: row.get("accepted_gates"),
            justification: row.get("justification"),
            applied_at: row.get("applied_at"),
        },
        current: row.get("current"),
    })
}

/// Which imports to list. What is none does not restrict.
#[derive(Default)]
pub(crate) struct Filter {
    pub(crate) id: Option<Uuid>,
    /// Regions in scope.
    pub(crate) regions: Option<Vec<String>>,
    pub(crate) field: Option<PmsiField>,
    pub(crate) before: Option<Uuid>,
}

/// Imports, the latest first.
pub(crate) async fn imports(
    executor: impl PgExecutor<'_>,
    filter: Filter,
    limit: i64,
) -> Result<Vec<Listed>, Error> {
    let rows = sqlx::query(
        "select
             id, region, field, nomenclature, source, extraction_date, file_name, sha256, accepted_gates,
             justification, applied_at,
             (
                 select count(*)
                 from case_mix_coverage own
                 where
                     own.import = case_mix_import.id
                     and own.field = case_mix_import.field
                     and not exists (
                         select
                         from case_mix_coverage later
                         where
                             later.field = own.field
                             and later.year = own.year
                             and later.finess = own.finess
                             and later.applied_at > own.applied_at
                     )
             ) as current
         from case_mix_import
         where
             ($1::uuid is null or id = $1)
             and ($2::text[] is null or region = any($2))
             and ($3::text is null or field = $3)
             and ($4::uuid is null or id < $4)
         order by id desc
         limit $5",
    )
    .bind(filter.id)
    .bind(filter.regions)
    .bind(filter.field.map(PmsiField::as_str))
    .bind(filter.before)
    .bind(limit)
    .fetch_all(executor)
    .await?;
    rows.iter().map(listed).collect()
}

/// A figure of an establishment.
#[derive(Debug, Clone)]
pub(crate) struct EstablishmentFigure {
    pub(crate) finess: Finess,
    pub(crate) field: PmsiField,
    pub(crate) year: i16,
    pub(crate) month: i16,
    pub(crate) activity: String,
    pub(crate) mode: Mode,
    pub(crate) measure: Measure,
    pub(crate) figure: Figure,
    pub(crate) import: CaseMixImportId,
}

/// Current figures of establishments in a year, as they were at an instant if one is given.
pub(crate) async fn figures(
    executor: impl PgExecutor<'_>,
    numbers: &[String],
    year: i16,
    field: Option<PmsiField>,
    applied_before: Option<OffsetDateTime>,
) -> Result<Vec<EstablishmentFigure>, Error> {
    let rows = sqlx::query(
        "with current as (
             select distinct on (field, finess) finess, field, import, month
             from case_mix_coverage
             where
                 finess = any($1)
                 and year = $2
                 and ($3::text is null or field = $3)
                 and ($4::timestamptz is null or applied_at <= $4)
             order by field, finess, applied_at desc, import desc
         )
         select
             figure.finess,
             figure.field,
             figure.activity,
             figure.mode,
             figure.unit,
             figure.known,
             figure.masked,
             current.month,
             current.import
         from current
         join case_mix_figure figure
             on figure.import = current.import and figure.finess = current.finess and figure.year = $2
         order by figure.finess, figure.field, figure.activity, figure.mode, figure.unit",
    )
    .bind(numbers)
    .bind(year)
    .bind(field.map(PmsiField::as_str))
    .bind(applied_before)
    .fetch_all(executor)
    .await?;
    rows.iter()
        .map(|row| {
            let (field, mode, unit): (&str, &str, &str) =
                (row.get("field"), row.get("mode"), row.get("unit"));
            Ok(EstablishmentFigure {
                finess: stored(row.get("finess"))?,
                field: PmsiField::from_text(field).ok_or_else(|| unknown("field", field))?,
                year,
                month: row.get("month"),
                activity: row.get("activity"),
                mode: Mode::from_text(mode).ok_or_else(|| unknown("mode", mode))?,
                measure: Measure::from_text(unit).ok_or_else(|| unknown("unit", unit))?,
                figure: Figure {
                    known: row.get("known"),
                    masked: row.get("masked"),
                },
                import: CaseMixImportId(row.get("import")),
            })
        })
        .collect()
}

/// The imports that are current for a field and year, in a fixed order: the version of the data.
pub(crate) async fn current_imports(
    executor: impl PgExecutor<'_>,
    field: PmsiField,
    year: i16,
) -> Result<Vec<CaseMixImportId>, Error> {
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "select distinct import
         from (
             select distinct on (finess) import
             from case_mix_coverage
             where field = $1 and year = $2
             order by finess, applied_at desc, import desc
         ) as current
         order by import",
    )
    .bind(field.as_str())
    .bind(year)
    .fetch_all(executor)
    .await?;
    Ok(ids.into_iter().map(CaseMixImportId).collect())
}

/// Cells of one activity, mode and residence.
pub(crate) struct ProfileRow {
    pub(crate) activity: String,
    pub(crate) mode: Mode,
    pub(crate) residence: String,
    pub(crate) masked: i32,
    pub(crate) cells: Vec<i32>,
}

/// Everything that rates are computed from, row by row.
pub(crate) fn profiles<'a>(
    pool: &'a PgPool,
    field: PmsiField,
    year: i16,
    measure: Measure,
    activities: &'a [String],
) -> impl Stream<Item = Result<ProfileRow, Error>> + 'a {
    sqlx::query(
        "select activity, mode, residence, masked, cells
         from case_mix_profile
         where
             field = $1
             and year = $2
             and unit = $3
             and (cardinality($4::text[]) = 0 or activity = any($4))",
    )
    .bind(field.as_str())
    .bind(year)
    .bind(measure.as_str())
    .bind(activities)
    .fetch(pool)
    .map(|row| {
        let row = row?;
        let mode: &str = row.get("mode");
        Ok(ProfileRow {
            activity: row.get("activity"),
            mode: Mode::from_text(mode).ok_or_else(|| unknown("mode", mode))?,
            residence: row.get("residence"),
            masked: row.get("masked"),
            cells: row.get("cells"),
        })
    })
}

/// Cases of one establishment for residents of one place.
pub(crate) struct FlowRow {
    pub(crate) finess: String,
    pub(crate) residence: String,
    pub(crate) known: i64,
    pub(crate) masked: i64,
}

/// Current cases of an activity by establishment and residence. Stays are counted without sessions.
pub(crate) async fn flows(
    executor: impl PgExecutor<'_>,
    field: PmsiField,
    year: i16,
    measure: Measure,
    activity: &str,
) -> Result<Vec<FlowRow>, Error> {
    let modes: Vec<&str> = Mode::ALL
        .iter()
        .filter(|mode| measure.counts(**mode))
        .map(|mode| mode.as_str())
        .collect();
    let rows = sqlx::query(
        "with current as (
             select distinct on (finess) finess, import
             from case_mix_coverage
             where field = $1 and year = $2
             order by finess, applied_at desc, import desc
         )
         select
             vector.finess,
             vector.residence,
             sum(vector.known)::bigint as known,
             sum(vector.masked)::bigint as masked
         from current
         join case_mix_vector vector
             on vector.import = current.import
             and vector.finess = current.finess
             and vector.year = $2
             and vector.unit = $3
             and vector.activity = $4
             and vector.mode = any($5)
         group by vector.finess, vector.residence",
    )
    .bind(field.as_str())
    .bind(year)
    .bind(measure.as_str())
    .bind(activity)
    .bind(modes)
    .fetch_all(executor)
    .await?;
    let flow = |row: &PgRow| FlowRow {
        finess: row.get("finess"),
        residence: row.get("residence"),
        known: row.get("known"),
        masked: row.get("masked"),
    };
    Ok(rows.iter().map(flow).collect())
}

/// What the PMSI says of indicators: field, measure and modes by code.
pub(crate) async fn indicators(
    executor: impl PgExecutor<'_>,
) -> Result<BTreeMap<String, (PmsiField, Measure, Vec<Mode>)>, Error> {
    let rows = sqlx::query("select indicator, field, unit, modes from indicator_pmsi")
        .fetch_all(executor)
        .await?;
    rows.iter()
        .map(|row| {
            let (field, unit): (&str, &str) = (row.get("field"), row.get("unit"));
            let modes: Vec<String> = row.get("modes");
            let modes = modes
                .iter()
                .map(|mode| Mode::from_text(mode).ok_or_else(|| unknown("mode", mode)))
                .collect::<Result<_, _>>()?;
            let field = PmsiField::from_text(field).ok_or_else(|| unknown("field", field))?;
            let measure = Measure::from_text(unit).ok_or_else(|| unknown("unit", unit))?;
            Ok((row.get("indicator"), (field, measure, modes)))
        })
        .collect()
}
