//! Writing case-mix: imports, what they cover, cells and figures by `COPY`, and the profile that rates read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures::TryStreamExt as _;
use kernel::Region;
use sqlx::{PgConnection, PgPool, Row as _};
use store::Error;
use time::{Date, OffsetDateTime};

use super::{copy_rows::Rows, unknown};
use crate::domain::{
    case_mix::{CaseMix, CaseMixImportId, Cells, Measure, Mode, PmsiField, Profile, figures},
    nomenclature::NomenclatureId,
};

/// Sent to Postgres each time this much is written.
const CHUNK_BYTES: usize = 256 * 1024;

/// An import that is applied.
#[derive(Debug, Clone)]
pub(crate) struct Import {
    pub(crate) id: CaseMixImportId,
    pub(crate) region: Region,
    pub(crate) field: PmsiField,
    pub(crate) nomenclature: NomenclatureId,
    pub(crate) source: String,
    pub(crate) extraction_date: Date,
    pub(crate) file_name: String,
    pub(crate) sha256: String,
    pub(crate) accepted_gates: Vec<String>,
    pub(crate) justification: String,
    pub(crate) applied_at: OffsetDateTime,
}

/// One import at a time for a region and field; and as much time as a national file takes.
pub(crate) async fn serialise(
    connection: &mut PgConnection,
    region: Region,
    field: PmsiField,
) -> Result<(), Error> {
    sqlx::query("select set_config('statement_timeout', '600s', true), set_config('lock_timeout', '600s', true)")
        .execute(&mut *connection)
        .await?;
    sqlx::query("select pg_advisory_xact_lock(hashtext('cpom-case-mix'), hashtext($1))")
        .bind(place(region, field))
        .execute(connection)
        .await?;
    Ok(())
}

/// Returns once every import into a region that was applied before this moment is either visible or given up.
pub(crate) async fn wait_for_imports(pool: &PgPool, region: Region) -> Result<(), Error> {
    let places: Vec<String> = PmsiField::ALL
        .iter()
        .map(|field| place(region, *field))
        .collect();
    sqlx::query(
        "select pg_advisory_xact_lock_shared(hashtext('cpom-case-mix'), hashtext(place))
         from unnest($1::text[]) as place",
    )
    .bind(places)
    .execute(pool)
    .await?;
    Ok(())
}

/// What one import at a time writes to.
fn place(region: Region, field: PmsiField) -> String {
    format!("{}/{}", region.code(), field.as_str())
}

/// Notes that the bytes of a file were looked at.
pub(crate) async fn note_check(
    connection: &mut PgConnection,
    sha256: &str,
    region: Region,
    field: PmsiField,
    at: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query(
        "insert into case_mix_check (sha256, region, field, checked_at)
         values ($1, $2, $3, $4)
         on conflict on constraint case_mix_check_pkey do update set checked_at = excluded.checked_at",
    )
    .bind(sha256)
    .bind(region.code())
    .bind(field.as_str())
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes the import, what it covers, its cells and its figures.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    import: &Import,
    case_mix: &CaseMix,
) -> Result<(), Error> {
    insert_import(connection, import).await?;
    insert_coverage(connection, import, case_mix).await?;
    copy_cells(connection, import, case_mix).await?;
    copy_figures(connection, import, case_mix).await
}

async fn insert_import(connection: &mut PgConnection, import: &Import) -> Result<(), Error> {
    sqlx::query(
        "insert into case_mix_import (
             id, region, field, nomenclature, source, extraction_date, file_name, sha256, accepted_gates,
             justification, applied_at
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(import.id.0)
    .bind(import.region.code())
    .bind(import.field.as_str())
    .bind(import.nomenclature.to_string())
    .bind(&import.source)
    .bind(import.extraction_date)
    .bind(&import.file_name)
    .bind(&import.sha256)
    .bind(&import.accepted_gates)
    .bind(&import.justification)
    .bind(import.applied_at)
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_coverage(
    connection: &mut PgConnection,
    import: &Import,
    case_mix: &CaseMix,
) -> Result<(), Error> {
    let mut numbers = Vec::new();
    let mut years = Vec::new();
    let mut months = Vec::new();
    for ((finess, year), month) in case_mix.months() {
        numbers.push(finess.to_string());
        years.push(year);
        months.push(i16::from(month));
    }
    sqlx::query(
        "insert into case_mix_coverage (import, field, year, finess, month, region, applied_at)
         select $1, $2, covered.year, covered.finess, covered.month, $3, $4
         from unnest($5::smallint[], $6::text[], $7::smallint[]) as covered (year, finess, month)",
    )
    .bind(import.id.0)
    .bind(import.field.as_str())
    .bind(import.region.code())
    .bind(import.applied_at)
    .bind(years)
    .bind(numbers)
    .bind(months)
    .execute(connection)
    .await?;
    Ok(())
}

async fn copy_cells(
    connection: &mut PgConnection,
    import: &Import,
    case_mix: &CaseMix,
) -> Result<(), Error> {
    let statement = "copy case_mix_vector
        (import, year, field, finess, activity, mode, unit, residence, known, masked, cells)
        from stdin with (format binary)";
    let mut copy = connection.copy_in_raw(statement).await?;
    let mut rows = Rows::new(CHUNK_BYTES + 1_024);
    for (key, cells) in &case_mix.cells {
        rows.row(11)
            .uuid(import.id.0)
            .smallint(key.year)
            .text(import.field.as_str())
            .text(key.finess.as_str())
            .text(case_mix.activities.name(key.activity))
            .text(key.mode.as_str())
            .text(key.measure.as_str())
            .text(case_mix.residences.name(key.residence))
            .bigint(cells.known())
            .int(i32::try_from(cells.masked()).unwrap_or(i32::MAX))
            .ints(cells.raw());
        if rows.written().len() >= CHUNK_BYTES {
            copy.send(rows.written()).await?;
            rows.clear();
        }
    }
    rows.finish();
    copy.send(rows.written()).await?;
    copy.finish().await?;
    Ok(())
}

async fn copy_figures(
    connection: &mut PgConnection,
    import: &Import,
    case_mix: &CaseMix,
) -> Result<(), Error> {
    let statement = "copy case_mix_figure
        (import, year, field, finess, activity, mode, unit, known, masked)
        from stdin with (format binary)";
    let mut copy = connection.copy_in_raw(statement).await?;
    let mut rows = Rows::new(CHUNK_BYTES + 1_024);
    let by = figures(case_mix, |key| {
        (key.finess, key.year, key.activity, key.mode, key.measure)
    });
    for ((finess, year, activity, mode, measure), figure) in by {
        rows.row(9)
            .uuid(import.id.0)
            .smallint(year)
            .text(import.field.as_str())
            .text(finess.as_str())
            .text(case_mix.activities.name(activity))
            .text(mode.as_str())
            .text(measure.as_str())
            .bigint(figure.known)
            .bigint(figure.masked);
        if rows.written().len() >= CHUNK_BYTES {
            copy.send(rows.written()).await?;
            rows.clear();
        }
    }
    rows.finish();
    copy.send(rows.written()).await?;
    copy.finish().await?;
    Ok(())
}

/// Activity, mode, measure, residence.
type ProfileKey = (String, Mode, Measure, String);

/// Builds the profiles of the years of an import anew: its own cells and those of the other establishments of the
/// region that are still current.
pub(crate) async fn rebuild_profiles(
    connection: &mut PgConnection,
    import: &Import,
    case_mix: &CaseMix,
) -> Result<(), Error> {
    let years: BTreeSet<i16> = case_mix.cells.keys().map(|key| key.year).collect();
    for year in years {
        let mut profiles = own_profiles(case_mix, year);
        add_others(connection, import, year, &mut profiles).await?;
        write_profiles(connection, import, year, &profiles).await?;
    }
    Ok(())
}

fn own_profiles(case_mix: &CaseMix, year: i16) -> HashMap<ProfileKey, Profile> {
    let mut by_place: HashMap<(u32, Mode, Measure, u32), Profile> = HashMap::new();
    for (key, cells) in case_mix.cells.iter().filter(|(key, _)| key.year == year) {
        by_place
            .entry((key.activity, key.mode, key.measure, key.residence))
            .or_default()
            .add(cells);
    }
    let name = |(activity, mode, measure, residence)| {
        (
            case_mix.activities.name(activity).to_owned(),
            mode,
            measure,
            case_mix.residences.name(residence).to_owned(),
        )
    };
    by_place
        .into_iter()
        .map(|(key, profile)| (name(key), profile))
        .collect()
}

async fn add_others(
    connection: &mut PgConnection,
    import: &Import,
    year: i16,
    profiles: &mut HashMap<ProfileKey, Profile>,
) -> Result<(), Error> {
    let mut rows = sqlx::query(
        "with current as (
             select distinct on (finess) finess, import
             from case_mix_coverage
             where field = $1 and year = $2 and region = $3
             order by finess, applied_at desc, import desc
         )
         select
             vector.activity,
             vector.mode,
             vector.unit,
             vector.residence,
             vector.cells
         from current
         join case_mix_vector vector
             on vector.import = current.import and vector.finess = current.finess and vector.year = $2
         where current.import <> $4",
    )
    .bind(import.field.as_str())
    .bind(year)
    .bind(import.region.code())
    .bind(import.id.0)
    .fetch(&mut *connection);
    while let Some(row) = rows.try_next().await? {
        let (mode, measure): (&str, &str) = (row.get("mode"), row.get("unit"));
        let key = (
            row.get("activity"),
            Mode::from_text(mode).ok_or_else(|| unknown("mode", mode))?,
            Measure::from_text(measure).ok_or_else(|| unknown("unit", measure))?,
            row.get("residence"),
        );
        let raw: Vec<i32> = row.get("cells");
        let cells = Cells::from_raw(&raw)
            .ok_or_else(|| Error::Inconsistent(format!("{} cells", raw.len())))?;
        profiles.entry(key).or_default().add(&cells);
    }
    Ok(())
}

async fn write_profiles(
    connection: &mut PgConnection,
    import: &Import,
    year: i16,
    profiles: &HashMap<ProfileKey, Profile>,
) -> Result<(), Error> {
    sqlx::query("delete from case_mix_profile where field = $1 and year = $2 and region = $3")
        .bind(import.field.as_str())
        .bind(year)
        .bind(import.region.code())
        .execute(&mut *connection)
        .await?;
    // In the order in which they are read.
    let ordered: BTreeMap<&ProfileKey, &Profile> = profiles.iter().collect();
    let statement = "copy case_mix_profile
        (field, year, region, unit, activity, mode, residence, masked, cells)
        from stdin with (format binary)";
    let mut copy = connection.copy_in_raw(statement).await?;
    let mut rows = Rows::new(CHUNK_BYTES + 1_024);
    for ((activity, mode, measure, residence), profile) in ordered {
        rows.row(9)
            .text(import.field.as_str())
            .smallint(year)
            .text(import.region.code())
            .text(measure.as_str())
            .text(activity)
            .text(mode.as_str())
            .text(residence)
            .int(profile.masked)
            .ints(&profile.cases);
        if rows.written().len() >= CHUNK_BYTES {
            copy.send(rows.written()).await?;
            rows.clear();
        }
    }
    rows.finish();
    copy.send(rows.written()).await?;
    copy.finish().await?;
    Ok(())
}
