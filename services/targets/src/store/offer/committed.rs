//! The objectives of the contracts of a region that are in effect on a day.

use kernel::Region;
use sqlx::{PgExecutor, Row as _, types::Json};
use store::Error;
use time::Date;

use crate::domain::{ContractId, Objective, TargetSetId, offer::coverage::Committed};

/// By contract.
pub(crate) async fn in_effect(
    executor: impl PgExecutor<'_>,
    region: Region,
    day: Date,
) -> Result<Vec<Committed>, Error> {
    let rows = sqlx::query(
        "select
             id,
             contract,
             objectives
         from target_set
         where region = $1 and effect_date <= $2 and $2 <= end_date
         order by contract, id",
    )
    .bind(region.code())
    .bind(day)
    .fetch_all(executor)
    .await?;
    rows.iter()
        .map(|row| {
            let Json(objectives): Json<Vec<Objective>> = row.try_get("objectives")?;
            Ok(Committed {
                contract: ContractId(row.get("contract")),
                target_set: TargetSetId(row.get("id")),
                objectives,
            })
        })
        .collect()
}
