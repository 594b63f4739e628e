//! Programming: the series there are, and the days by which their versions are published.

use sqlx::{PgConnection, Row as _, postgres::PgRow};
use store::Error;

use super::{parsed, programming::councils, regime};
use crate::domain::{
    ProgrammingId,
    programming::{Horizon, Scheduled, Series},
};

/// The versions of a series that stand, as the days of their publication need them.
pub async fn scheduled(
    connection: &mut PgConnection,
    series: &Series,
) -> Result<Vec<Scheduled>, Error> {
    let rows = sqlx::query(
        "select id, number, first_year, last_year, due_date, state
         from programming
         where region = $1 and regime_kind = $2 and councils = $3 and state <> 'DISCARDED'
         order by number",
    )
    .bind(series.region.code())
    .bind(series.kind.as_str())
    .bind(councils(series))
    .fetch_all(connection)
    .await?;
    let version = |row: &PgRow| Scheduled {
        id: ProgrammingId(row.get("id")),
        number: row.get("number"),
        horizon: Horizon {
            first_year: row.get("first_year"),
            last_year: row.get("last_year"),
            due_date: row.get("due_date"),
        },
        is_published: row.get::<&str, _>("state") == "PUBLISHED",
    };
    Ok(rows.iter().map(version).collect())
}

/// Every series there is. They are few: one for each kind of contract of each set of councils.
pub async fn series(connection: &mut PgConnection) -> Result<Vec<Series>, Error> {
    let rows = sqlx::query(
        "select distinct region, regime_kind, councils
         from programming
         order by region, regime_kind, councils",
    )
    .fetch_all(connection)
    .await?;
    let one = |row: &PgRow| {
        let councils: Vec<String> = row.get("councils");
        let councils = councils.iter().map(|code| parsed("council", code));
        Ok(Series {
            region: parsed("region", row.get("region"))?,
            kind: regime::kind(row.get("regime_kind"))?,
            councils: councils.collect::<Result<_, Error>>()?,
        })
    };
    rows.iter().map(one).collect()
}
