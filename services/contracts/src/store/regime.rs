//! Dated rules of law and of the region.

use kernel::Region;
use sqlx::{PgConnection, Row as _, postgres::PgRow};
use store::Error;
use time::Date;

use crate::domain::LegalRegime;

fn regime(row: &PgRow) -> Result<LegalRegime, Error> {
    let limit = |value: i32| {
        u32::try_from(value).map_err(|_| Error::Inconsistent(format!("limit of a regime: {value}")))
    };
    Ok(LegalRegime {
        code: row.get("code"),
        max_objectives: row
            .get::<Option<i32>, _>("max_objectives")
            .map(limit)
            .transpose()?,
        max_months: limit(row.get("max_months"))?,
        valid_from: row.get("valid_from"),
        valid_to: row.get("valid_to"),
        source: row.get("source"),
    })
}

/// The regime under which a contract is drafted on a day; none before the first.
pub async fn on(connection: &mut PgConnection, day: Date) -> Result<Option<LegalRegime>, Error> {
    let row = sqlx::query(
        "select
             code,
             max_objectives,
             max_months,
             valid_from,
             valid_to,
             source
         from legal_regime
         where daterange(valid_from, valid_to, '[]') @> $1",
    )
    .bind(day)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(regime).transpose()
}

/// All regimes, oldest first. There are few, and a list of contracts needs several.
pub async fn all(connection: &mut PgConnection) -> Result<Vec<LegalRegime>, Error> {
    let rows = sqlx::query(
        "select
             code,
             max_objectives,
             max_months,
             valid_from,
             valid_to,
             source
         from legal_regime
         order by valid_from",
    )
    .fetch_all(connection)
    .await?;
    rows.iter().map(regime).collect()
}

/// The regime that a contract keeps.
pub async fn of_code(connection: &mut PgConnection, code: &str) -> Result<LegalRegime, Error> {
    let regime = all(connection)
        .await?
        .into_iter()
        .find(|regime| regime.code == code);
    regime.ok_or_else(|| Error::Inconsistent(format!("legal regime {code:?}")))
}

/// How many months an establishment has to answer a review that is notified on a day.
pub async fn response_months(
    connection: &mut PgConnection,
    region: Region,
    day: Date,
) -> Result<u32, Error> {
    let months: i32 = sqlx::query(
        "select response_months
         from review_parameter
         where region in ($1, '*') and valid_from <= $2
         order by region = '*', valid_from desc
         limit 1",
    )
    .bind(region.code())
    .bind(day)
    .fetch_one(connection)
    .await?
    .get("response_months");
    u32::try_from(months).map_err(|_| Error::Inconsistent(format!("response months: {months}")))
}
