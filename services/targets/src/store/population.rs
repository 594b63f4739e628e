//! Inhabitants by area, sex and age.

use std::collections::BTreeMap;

use sqlx::{PgConnection, PgExecutor, Row as _, postgres::PgRow};
use store::Error;
use time::OffsetDateTime;

use super::{copy_rows::Rows, unknown};
use crate::{domain::geography::AreaKind, files::population::Populations};

/// The inhabitants of one year from one source.
#[derive(Debug, Clone)]
pub(crate) struct Population {
    pub(crate) id: String,
    /// Counts its imports.
    pub(crate) version: i64,
    pub(crate) year: i16,
    pub(crate) areas: AreaKind,
    pub(crate) source: String,
    pub(crate) file_name: String,
    pub(crate) sha256: String,
    pub(crate) area_count: i64,
    pub(crate) inhabitants: i64,
    pub(crate) created_at: OffsetDateTime,
}

fn population(row: &PgRow) -> Result<Population, Error> {
    let areas: &str = row.get("areas");
    Ok(Population {
        id: row.get("id"),
        version: row.get("version"),
        year: row.get("year"),
        areas: AreaKind::from_text(areas).ok_or_else(|| unknown("kind of area", areas))?,
        source: row.get("source"),
        file_name: row.get("file_name"),
        sha256: row.get("sha256"),
        area_count: row.get("area_count"),
        inhabitants: row.get("inhabitants"),
        created_at: row.get("created_at"),
    })
}

pub(crate) async fn find(
    executor: impl PgExecutor<'_>,
    id: &str,
) -> Result<Option<Population>, Error> {
    let row = sqlx::query(
        "select id, version, year, areas, source, file_name, sha256, area_count, inhabitants, created_at
         from population
         where id = $1",
    )
    .bind(id)
    .fetch_optional(executor)
    .await?;
    row.as_ref().map(population).transpose()
}

pub(crate) async fn list(
    executor: impl PgExecutor<'_>,
    year: Option<i16>,
    after: Option<String>,
    limit: i64,
) -> Result<Vec<Population>, Error> {
    let rows = sqlx::query(
        "select id, version, year, areas, source, file_name, sha256, area_count, inhabitants, created_at
         from population
         where ($1::smallint is null or year = $1) and ($2::text is null or id > $2)
         order by id
         limit $3",
    )
    .bind(year)
    .bind(after)
    .bind(limit)
    .fetch_all(executor)
    .await?;
    rows.iter().map(population).collect()
}

/// Writes a population in the place of what it was.
pub(crate) async fn replace(
    connection: &mut PgConnection,
    population: &Population,
    classes: &Populations,
) -> Result<(), Error> {
    sqlx::query(
        "insert into population
             (id, version, year, areas, source, file_name, sha256, area_count, inhabitants, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict on constraint population_pkey do update set
             version = excluded.version,
             source = excluded.source,
             file_name = excluded.file_name,
             sha256 = excluded.sha256,
             area_count = excluded.area_count,
             inhabitants = excluded.inhabitants,
             created_at = excluded.created_at",
    )
    .bind(&population.id)
    .bind(population.version)
    .bind(population.year)
    .bind(population.areas.as_str())
    .bind(&population.source)
    .bind(&population.file_name)
    .bind(&population.sha256)
    .bind(population.area_count)
    .bind(population.inhabitants)
    .bind(population.created_at)
    .execute(&mut *connection)
    .await?;
    sqlx::query("delete from population_area where population = $1")
        .bind(&population.id)
        .execute(&mut *connection)
        .await?;
    let mut rows = Rows::new(64 * 1024);
    for (area, classes) in classes {
        let classes = classes.map(|count| i32::try_from(count).unwrap_or(i32::MAX));
        rows.row(3).text(&population.id).text(area).ints(&classes);
    }
    rows.finish();
    let statement =
        "copy population_area (population, area, classes) from stdin with (format binary)";
    let mut copy = connection.copy_in_raw(statement).await?;
    copy.send(rows.written()).await?;
    copy.finish().await?;
    Ok(())
}

/// Inhabitants of every area by class.
pub(crate) async fn classes(
    executor: impl PgExecutor<'_>,
    id: &str,
) -> Result<BTreeMap<String, Vec<i32>>, Error> {
    let rows = sqlx::query("select area, classes from population_area where population = $1")
        .bind(id)
        .fetch_all(executor)
        .await?;
    Ok(rows
        .iter()
        .map(|row| (row.get("area"), row.get("classes")))
        .collect())
}
