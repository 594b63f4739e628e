//! Outlines of territories.

use sqlx::{PgConnection, PgExecutor, Row as _};
use store::Error;
use time::OffsetDateTime;

use crate::domain::outline::{Outline, Point, Ring};

/// The outlines of a version, as they were imported.
#[derive(Debug, Clone)]
pub(crate) struct Drawing {
    /// Identifier of the version of territories.
    pub(crate) version: String,
    /// Counts the imports.
    pub(crate) revision: i64,
    pub(crate) code_property: String,
    pub(crate) source: String,
    pub(crate) licence: String,
    pub(crate) file_name: String,
    pub(crate) sha256: String,
    pub(crate) territories: i64,
    pub(crate) points_read: i64,
    pub(crate) points: i64,
    pub(crate) created_at: OffsetDateTime,
}

pub(crate) async fn find(
    executor: impl PgExecutor<'_>,
    version: &str,
) -> Result<Option<Drawing>, Error> {
    let row = sqlx::query(
        "select
             version, revision, code_property, source, licence, file_name, sha256, territories, points_read, points,
             created_at
         from territory_outlines
         where version = $1",
    )
    .bind(version)
    .fetch_optional(executor)
    .await?;
    Ok(row.map(|row| Drawing {
        version: row.get("version"),
        revision: row.get("revision"),
        code_property: row.get("code_property"),
        source: row.get("source"),
        licence: row.get("licence"),
        file_name: row.get("file_name"),
        sha256: row.get("sha256"),
        territories: row.get("territories"),
        points_read: row.get("points_read"),
        points: row.get("points"),
        created_at: row.get("created_at"),
    }))
}

/// Writes outlines in the place of those that were there.
pub(crate) async fn replace(
    connection: &mut PgConnection,
    drawing: &Drawing,
    outlines: &[Outline],
) -> Result<(), Error> {
    sqlx::query(
        "insert into territory_outlines (
             version, revision, code_property, source, licence, file_name, sha256, territories, points_read, points,
             created_at
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict on constraint territory_outlines_pkey do update set
             revision = excluded.revision,
             code_property = excluded.code_property,
             source = excluded.source,
             licence = excluded.licence,
             file_name = excluded.file_name,
             sha256 = excluded.sha256,
             territories = excluded.territories,
             points_read = excluded.points_read,
             points = excluded.points,
             created_at = excluded.created_at",
    )
    .bind(&drawing.version)
    .bind(drawing.revision)
    .bind(&drawing.code_property)
    .bind(&drawing.source)
    .bind(&drawing.licence)
    .bind(&drawing.file_name)
    .bind(&drawing.sha256)
    .bind(drawing.territories)
    .bind(drawing.points_read)
    .bind(drawing.points)
    .bind(drawing.created_at)
    .execute(&mut *connection)
    .await?;
    sqlx::query("delete from territory_ring where version = $1")
        .bind(&drawing.version)
        .execute(&mut *connection)
        .await?;
    for outline in outlines {
        for (polygon, rings) in (0_i32..).zip(&outline.polygons) {
            for (rank, ring) in (0_i32..).zip(rings) {
                sqlx::query(
                    "insert into territory_ring (version, code, polygon, ring, coordinates)
                     values ($1, $2, $3, $4, $5)",
                )
                .bind(&drawing.version)
                .bind(&outline.territory)
                .bind(polygon)
                .bind(rank)
                .bind(coordinates(ring))
                .execute(&mut *connection)
                .await?;
            }
        }
    }
    Ok(())
}

fn coordinates(ring: &[Point]) -> Vec<i32> {
    ring.iter()
        .flat_map(|point| [point.longitude, point.latitude])
        .collect()
}

fn ring(coordinates: &[i32]) -> Ring {
    coordinates
        .chunks_exact(2)
        .map(|pair| Point {
            longitude: pair[0],
            latitude: pair[1],
        })
        .collect()
}

/// The outlines of a version, by the codes of its territories.
pub(crate) async fn all(
    executor: impl PgExecutor<'_>,
    version: &str,
) -> Result<Vec<Outline>, Error> {
    let rows = sqlx::query(
        "select code, ring, coordinates
         from territory_ring
         where version = $1
         order by code, polygon, ring",
    )
    .bind(version)
    .fetch_all(executor)
    .await?;
    let mut outlines: Vec<Outline> = Vec::new();
    for row in rows {
        let code: &str = row.get("code");
        let rank: i32 = row.get("ring");
        let line = ring(&row.get::<Vec<i32>, _>("coordinates"));
        if outlines.last().is_none_or(|last| last.territory != code) {
            outlines.push(Outline {
                territory: code.to_owned(),
                polygons: Vec::new(),
            });
        }
        let polygons = outlines.last_mut().map(|last| &mut last.polygons);
        if let Some(polygons) = polygons {
            match polygons.last_mut().filter(|_| rank > 0) {
                Some(polygon) => polygon.push(line),
                None => polygons.push(vec![line]),
            }
        }
    }
    Ok(outlines)
}
