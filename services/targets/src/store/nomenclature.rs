//! Nomenclatures.

use std::collections::{BTreeSet, HashSet};

use sqlx::{PgConnection, PgExecutor, Row as _, postgres::PgRow};
use store::Error;
use time::{Date, OffsetDateTime};

use super::{stored, unknown};
use crate::domain::{
    case_mix::PmsiField,
    nomenclature::{Entry, NomenclatureId, NomenclatureKind},
};

/// A version as it was imported.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub(crate) id: NomenclatureId,
    pub(crate) valid_from: Date,
    pub(crate) source: String,
    pub(crate) file_name: String,
    pub(crate) sha256: String,
    pub(crate) entries: i64,
    pub(crate) region: String,
    pub(crate) created_at: OffsetDateTime,
}

fn version(row: &PgRow) -> Result<Version, Error> {
    let kind: &str = row.get("kind");
    Ok(Version {
        id: NomenclatureId {
            kind: NomenclatureKind::from_text(kind).ok_or_else(|| unknown("nomenclature", kind))?,
            version: row.get("version"),
        },
        valid_from: row.get("valid_from"),
        source: row.get("source"),
        file_name: row.get("file_name"),
        sha256: row.get("sha256"),
        entries: row.get("entries"),
        region: row.get("region"),
        created_at: row.get("created_at"),
    })
}

pub(crate) async fn find(
    executor: impl PgExecutor<'_>,
    id: &NomenclatureId,
) -> Result<Option<Version>, Error> {
    let row = sqlx::query(
        "select kind, version, valid_from, source, file_name, sha256, entries, region, created_at
         from nomenclature_version
         where kind = $1 and version = $2",
    )
    .bind(id.kind.as_str())
    .bind(&id.version)
    .fetch_optional(executor)
    .await?;
    row.as_ref().map(version).transpose()
}

/// Versions in the order of their kinds and names, after a place.
pub(crate) async fn list(
    executor: impl PgExecutor<'_>,
    kind: Option<NomenclatureKind>,
    after: Option<(String, String)>,
    limit: i64,
) -> Result<Vec<Version>, Error> {
    let (after_kind, after_version) = after.unzip();
    let rows = sqlx::query(
        "select kind, version, valid_from, source, file_name, sha256, entries, region, created_at
         from nomenclature_version
         where
             ($1::text is null or kind = $1)
             and ($2::text is null or (kind, version) > ($2, $3))
         order by kind, version
         limit $4",
    )
    .bind(kind.map(NomenclatureKind::as_str))
    .bind(after_kind)
    .bind(after_version)
    .bind(limit)
    .fetch_all(executor)
    .await?;
    rows.iter().map(version).collect()
}

pub(crate) async fn insert(
    connection: &mut PgConnection,
    version: &Version,
    entries: &[Entry],
) -> Result<(), Error> {
    sqlx::query(
        "insert into nomenclature_version
             (kind, version, valid_from, source, file_name, sha256, entries, region, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(version.id.kind.as_str())
    .bind(&version.id.version)
    .bind(version.valid_from)
    .bind(&version.source)
    .bind(&version.file_name)
    .bind(&version.sha256)
    .bind(version.entries)
    .bind(&version.region)
    .bind(version.created_at)
    .execute(&mut *connection)
    .await?;
    let column = |of: fn(&Entry) -> &str| entries.iter().map(of).collect::<Vec<&str>>();
    let day = |of: fn(&Entry) -> Option<Date>| entries.iter().map(of).collect::<Vec<_>>();
    sqlx::query(
        "insert into nomenclature_entry (kind, version, level, code, label, parent, valid_from, valid_to)
         select $1, $2, entry.level, entry.code, entry.label, entry.parent, entry.valid_from, entry.valid_to
         from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::date[], $8::date[])
             as entry (level, code, label, parent, valid_from, valid_to)",
    )
    .bind(version.id.kind.as_str())
    .bind(&version.id.version)
    .bind(column(|entry| &entry.level))
    .bind(column(|entry| &entry.code))
    .bind(column(|entry| &entry.label))
    .bind(column(|entry| &entry.parent))
    .bind(day(|entry| entry.valid_from))
    .bind(day(|entry| entry.valid_to))
    .execute(connection)
    .await?;
    Ok(())
}

/// Which entries to list.
pub(crate) struct Filter<'a> {
    pub(crate) level: Option<&'a str>,
    pub(crate) parent: Option<&'a str>,
    pub(crate) after: Option<(String, String)>,
}

pub(crate) async fn entries(
    executor: impl PgExecutor<'_>,
    id: &NomenclatureId,
    filter: Filter<'_>,
    limit: i64,
) -> Result<Vec<Entry>, Error> {
    let (after_level, after_code) = filter.after.unzip();
    let rows = sqlx::query(
        "select level, code, label, parent, valid_from, valid_to
         from nomenclature_entry
         where
             kind = $1
             and version = $2
             and ($3::text is null or level = $3)
             and ($4::text is null or parent = $4)
             and ($5::text is null or (level, code) > ($5, $6))
         order by level, code
         limit $7",
    )
    .bind(id.kind.as_str())
    .bind(&id.version)
    .bind(filter.level)
    .bind(filter.parent)
    .bind(after_level)
    .bind(after_code)
    .bind(limit)
    .fetch_all(executor)
    .await?;
    let entry = |row: &PgRow| Entry {
        level: row.get("level"),
        code: row.get("code"),
        label: row.get("label"),
        parent: row.get("parent"),
        valid_from: row.get("valid_from"),
        valid_to: row.get("valid_to"),
    };
    Ok(rows.iter().map(entry).collect())
}

/// Every code of a version, whatever its level.
pub(crate) async fn codes(
    executor: impl PgExecutor<'_>,
    id: &NomenclatureId,
) -> Result<HashSet<String>, Error> {
    let codes: Vec<String> =
        sqlx::query_scalar("select code from nomenclature_entry where kind = $1 and version = $2")
            .bind(id.kind.as_str())
            .bind(&id.version)
            .fetch_all(executor)
            .await?;
    Ok(codes.into_iter().collect())
}

/// The codes of one level.
pub(crate) async fn codes_of_level(
    executor: impl PgExecutor<'_>,
    id: &NomenclatureId,
    level: &str,
) -> Result<BTreeSet<String>, Error> {
    let codes: Vec<String> = sqlx::query_scalar(
        "select code from nomenclature_entry where kind = $1 and version = $2 and level = $3",
    )
    .bind(id.kind.as_str())
    .bind(&id.version)
    .bind(level)
    .fetch_all(executor)
    .await?;
    Ok(codes.into_iter().collect())
}

/// The nomenclatures that the imports of a field and year name.
pub(crate) async fn of_cases(
    executor: impl PgExecutor<'_>,
    field: PmsiField,
    year: i16,
) -> Result<Vec<NomenclatureId>, Error> {
    let names: Vec<String> = sqlx::query_scalar(
        "select distinct case_mix_import.nomenclature
         from case_mix_coverage
         join case_mix_import on case_mix_import.id = case_mix_coverage.import
         where case_mix_coverage.field = $1 and case_mix_coverage.year = $2",
    )
    .bind(field.as_str())
    .bind(year)
    .fetch_all(executor)
    .await?;
    names.iter().map(|name| stored(name)).collect()
}

/// Labels of codes, from the versions that the imports of a field and year name.
pub(crate) async fn labels(
    executor: impl PgExecutor<'_>,
    nomenclature: &NomenclatureId,
    codes: &[String],
) -> Result<Vec<(String, String)>, Error> {
    let rows = sqlx::query(
        "select distinct on (code) code, label
         from nomenclature_entry
         where kind = $1 and version = $2 and code = any($3)
         order by code, level",
    )
    .bind(nomenclature.kind.as_str())
    .bind(&nomenclature.version)
    .bind(codes)
    .fetch_all(executor)
    .await?;
    Ok(rows
        .iter()
        .map(|row| (row.get("code"), row.get("label")))
        .collect())
}

/// Each of these codes with every one of them that stands above it in a version, however far.
pub(crate) async fn above(
    executor: impl PgExecutor<'_>,
    nomenclature: &NomenclatureId,
    codes: &[String],
) -> Result<Vec<(String, String)>, Error> {
    let rows = sqlx::query(
        "with recursive above as (
             select code, parent
             from nomenclature_entry
             where kind = $1 and version = $2 and code = any($3) and parent <> '' and parent <> code
             union
             select above.code, entry.parent
             from above
             join nomenclature_entry entry on entry.code = above.parent
             where entry.kind = $1 and entry.version = $2 and entry.parent <> '' and entry.parent <> above.code
         )
         select code, parent
         from above
         where parent = any($3)
         order by code, parent",
    )
    .bind(nomenclature.kind.as_str())
    .bind(&nomenclature.version)
    .bind(codes)
    .fetch_all(executor)
    .await?;
    Ok(rows
        .iter()
        .map(|row| (row.get("code"), row.get("parent")))
        .collect())
}
