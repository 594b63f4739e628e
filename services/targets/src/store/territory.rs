//! Divisions of regions and what they are made of.

use sqlx::{PgConnection, PgExecutor, Row as _, postgres::PgRow};
use store::Error;
use time::OffsetDateTime;

use super::{stored, unknown};
use crate::domain::{
    geography::AreaKind,
    territory::{Territory, TerritoryKind, TerritoryVersion},
};

/// A version as it was imported.
#[derive(Debug, Clone)]
pub(crate) struct Imported {
    pub(crate) version: TerritoryVersion,
    pub(crate) source: String,
    pub(crate) file_name: String,
    pub(crate) sha256: String,
    pub(crate) territories: i64,
    pub(crate) areas: i64,
    pub(crate) created_at: OffsetDateTime,
    /// Territories that have an outline. Not written here.
    pub(crate) outlines: i64,
}

fn imported(row: &PgRow) -> Result<Imported, Error> {
    let kind: &str = row.get("kind");
    let areas: &str = row.get("composed_of");
    Ok(Imported {
        version: TerritoryVersion {
            id: row.get("id"),
            kind: TerritoryKind::from_text(kind)
                .ok_or_else(|| unknown("kind of territory", kind))?,
            composed_of: AreaKind::from_text(areas)
                .ok_or_else(|| unknown("kind of area", areas))?,
            region: stored(row.get("region"))?,
            valid_from: row.get("valid_from"),
            valid_to: row.get("valid_to"),
            geography: row.get("geography"),
        },
        source: row.get("source"),
        file_name: row.get("file_name"),
        sha256: row.get("sha256"),
        territories: row.get("territories"),
        areas: row.get("areas"),
        created_at: row.get("created_at"),
        outlines: row.get("outlines"),
    })
}

pub(crate) async fn find(
    executor: impl PgExecutor<'_>,
    id: &str,
) -> Result<Option<Imported>, Error> {
    let row = sqlx::query(
        "select
             id, kind, composed_of, region, valid_from, valid_to, geography, source, file_name, sha256, territories,
             areas, created_at,
             coalesce((select o.territories from territory_outlines o where o.version = territory_version.id), 0)
                 as outlines
         from territory_version
         where id = $1",
    )
    .bind(id)
    .fetch_optional(executor)
    .await?;
    row.as_ref().map(imported).transpose()
}

/// Which versions to list. What is none does not restrict.
pub(crate) struct Filter<'a> {
    pub(crate) region: Option<&'a str>,
    pub(crate) kind: Option<TerritoryKind>,
    pub(crate) after: Option<String>,
}

pub(crate) async fn list(
    executor: impl PgExecutor<'_>,
    filter: Filter<'_>,
    limit: i64,
) -> Result<Vec<Imported>, Error> {
    let rows = sqlx::query(
        "select
             id, kind, composed_of, region, valid_from, valid_to, geography, source, file_name, sha256, territories,
             areas, created_at,
             coalesce((select o.territories from territory_outlines o where o.version = territory_version.id), 0)
                 as outlines
         from territory_version
         where
             ($1::text is null or region = $1)
             and ($2::text is null or kind = $2)
             and ($3::text is null or id > $3)
         order by id
         limit $4",
    )
    .bind(filter.region)
    .bind(filter.kind.map(TerritoryKind::as_str))
    .bind(filter.after)
    .bind(limit)
    .fetch_all(executor)
    .await?;
    rows.iter().map(imported).collect()
}

pub(crate) async fn insert(
    connection: &mut PgConnection,
    imported: &Imported,
    territories: &[Territory],
) -> Result<(), Error> {
    let version = &imported.version;
    sqlx::query(
        "insert into territory_version (
             id, kind, composed_of, region, valid_from, valid_to, geography, source, file_name, sha256, territories,
             areas, created_at
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(&version.id)
    .bind(version.kind.as_str())
    .bind(version.composed_of.as_str())
    .bind(version.region.code())
    .bind(version.valid_from)
    .bind(version.valid_to)
    .bind(&version.geography)
    .bind(&imported.source)
    .bind(&imported.file_name)
    .bind(&imported.sha256)
    .bind(imported.territories)
    .bind(imported.areas)
    .bind(imported.created_at)
    .execute(&mut *connection)
    .await?;
    for territory in territories {
        sqlx::query("insert into territory (version, code, title, areas) values ($1, $2, $3, $4)")
            .bind(&version.id)
            .bind(&territory.code)
            .bind(&territory.title)
            .bind(&territory.areas)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

fn territory(row: &PgRow) -> Territory {
    Territory {
        code: row.get("code"),
        title: row.get("title"),
        areas: row.get("areas"),
    }
}

/// Territories of a version by code, after one of them.
pub(crate) async fn page(
    executor: impl PgExecutor<'_>,
    version: &str,
    after: Option<String>,
    limit: i64,
) -> Result<Vec<Territory>, Error> {
    let rows = sqlx::query(
        "select code, title, areas
         from territory
         where version = $1 and ($2::text is null or code > $2)
         order by code
         limit $3",
    )
    .bind(version)
    .bind(after)
    .bind(limit)
    .fetch_all(executor)
    .await?;
    Ok(rows.iter().map(territory).collect())
}

/// Every territory of a version, by code.
pub(crate) async fn all(
    executor: impl PgExecutor<'_>,
    version: &str,
) -> Result<Vec<Territory>, Error> {
    page(executor, version, None, i64::MAX).await
}
