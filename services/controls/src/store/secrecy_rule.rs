//! Table `secrecy_rule`: below how many contracts nothing is told of a group.

use ::store::Error;
use sqlx::{PgPool, Row as _};
use time::Date;

use super::inconsistent;
use crate::domain::peers::SecrecyRule;

/// The rule that holds on a day.
pub async fn on(pool: &PgPool, day: Date) -> Result<SecrecyRule, Error> {
    let row = sqlx::query(
        "select first_day, minimum_contracts, source
         from secrecy_rule
         where first_day <= $1
         order by first_day desc
         limit 1",
    )
    .bind(day)
    .fetch_optional(pool)
    .await?
    .ok_or_else(|| inconsistent(format!("no rule of secrecy holds on {day}")))?;
    let minimum: i32 = row.get("minimum_contracts");
    Ok(SecrecyRule {
        first_day: row.get("first_day"),
        minimum_contracts: usize::try_from(minimum).map_err(inconsistent)?,
        source: row.get("source"),
    })
}
