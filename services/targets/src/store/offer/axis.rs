//! Tables `axis_version` and `axis`: reference data that never changes once recorded.

use std::collections::BTreeSet;

use sqlx::{PgConnection, PgExecutor, PgPool, Row as _};
use store::Error;
use time::{Date, OffsetDateTime};

/// A version of the axes.
#[derive(Debug, Clone)]
pub(crate) struct AxisVersion {
    pub(crate) id: String,
    pub(crate) valid_from: Date,
    pub(crate) source: String,
    /// Code and title, in their order.
    pub(crate) axes: Vec<(String, String)>,
    pub(crate) created_at: OffsetDateTime,
}

/// Writes a version.
///
/// # Errors
/// A violation of `axis_version_pkey` when it is recorded already.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    version: &AxisVersion,
) -> Result<(), Error> {
    sqlx::query(
        "insert into axis_version (id, valid_from, source, created_at)
         values ($1, $2, $3, $4)",
    )
    .bind(&version.id)
    .bind(version.valid_from)
    .bind(&version.source)
    .bind(version.created_at)
    .execute(&mut *connection)
    .await?;
    let (codes, titles): (Vec<&str>, Vec<&str>) = version
        .axes
        .iter()
        .map(|(code, title)| (code.as_str(), title.as_str()))
        .unzip();
    sqlx::query(
        "insert into axis (version, place, code, title)
         select $1, given.place, given.code, given.title
         from unnest($2::text[], $3::text[]) with ordinality as given (code, title, place)",
    )
    .bind(&version.id)
    .bind(codes)
    .bind(titles)
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// The versions, the latest first; only the one in use on a day when a day is given.
pub(crate) async fn list(pool: &PgPool, day: Option<Date>) -> Result<Vec<AxisVersion>, Error> {
    let rows = sqlx::query(
        "select
             version.id,
             version.valid_from,
             version.source,
             version.created_at,
             array_agg(axis.code order by axis.place) as codes,
             array_agg(axis.title order by axis.place) as titles
         from axis_version as version
         join axis on axis.version = version.id
         where $1::date is null or version.valid_from <= $1
         group by version.id
         order by version.valid_from desc, version.id desc
         limit case when $1::date is null then null else 1 end",
    )
    .bind(day)
    .fetch_all(pool)
    .await?;
    Ok(rows
        .iter()
        .map(|row| {
            let codes: Vec<String> = row.get("codes");
            let titles: Vec<String> = row.get("titles");
            AxisVersion {
                id: row.get("id"),
                valid_from: row.get("valid_from"),
                source: row.get("source"),
                axes: codes.into_iter().zip(titles).collect(),
                created_at: row.get("created_at"),
            }
        })
        .collect())
}

/// The codes of a version by its resource name; none when it is not recorded.
pub(crate) async fn codes(
    executor: impl PgExecutor<'_>,
    name: &str,
) -> Result<BTreeSet<String>, Error> {
    let codes: Vec<String> =
        sqlx::query_scalar("select code from axis where 'axisVersions/' || version = $1")
            .bind(name)
            .fetch_all(executor)
            .await?;
    Ok(codes.into_iter().collect())
}

/// The title of each axis of a version by its resource name.
pub(crate) async fn titles(
    executor: impl PgExecutor<'_>,
    name: &str,
) -> Result<std::collections::BTreeMap<String, String>, Error> {
    let titles: Vec<(String, String)> =
        sqlx::query_as("select code, title from axis where 'axisVersions/' || version = $1")
            .bind(name)
            .fetch_all(executor)
            .await?;
    Ok(titles.into_iter().collect())
}
