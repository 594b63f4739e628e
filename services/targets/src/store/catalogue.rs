//! The definitions of indicators.

use sqlx::{PgPool, Row as _};
use store::Error;

use super::unknown;
use crate::domain::{Catalogue, Indicator, Unit};

/// All definitions.
pub(crate) async fn load(pool: &PgPool) -> Result<Catalogue, Error> {
    let rows = sqlx::query(
        "select
             code,
             title,
             unit,
             yearly_only,
             source
         from indicator_definition",
    )
    .fetch_all(pool)
    .await?;
    let indicators = rows.into_iter().map(|row| {
        let unit: &str = row.get("unit");
        Ok(Indicator {
            code: row.get("code"),
            title: row.get("title"),
            unit: Unit::from_text(unit).ok_or_else(|| unknown("unit", unit))?,
            yearly_only: row.get("yearly_only"),
            source: row.get("source"),
        })
    });
    Ok(Catalogue::new(indicators.collect::<Result<_, Error>>()?))
}
