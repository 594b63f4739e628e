//! The target sets in effect in a region on a day, with what adding them up needs to know of their contracts.

use kernel::{Finess, Region};
use sqlx::{PgExecutor, Row as _, postgres::PgRow, types::Json};
use store::Error;
use time::Date;

use crate::{
    domain::{ContractId, Objective, planning::SetInEffect},
    store::stored,
};

/// The sets in effect on a day, in the order of their contracts.
pub(crate) async fn sets_in_effect(
    executor: impl PgExecutor<'_>,
    region: Region,
    day: Date,
) -> Result<Vec<SetInEffect>, Error> {
    let rows = sqlx::query(
        "select
             set.contract,
             set.objectives,
             contract.legal_entities
         from target_set as set
         join contract_copy as contract on contract.id = set.contract
         where set.region = $1 and set.effect_date <= $2 and $2 <= set.end_date
         order by set.contract",
    )
    .bind(region.code())
    .bind(day)
    .fetch_all(executor)
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &PgRow) -> Result<SetInEffect, Error> {
    let Json(objectives): Json<Vec<Objective>> = row.try_get("objectives")?;
    let entities: Vec<String> = row.get("legal_entities");
    Ok(SetInEffect {
        contract: ContractId(row.get("contract")),
        only_entity: only(&entities)?,
        objectives,
    })
}

fn only(entities: &[String]) -> Result<Option<Finess>, Error> {
    match entities {
        [entity] => stored(entity).map(Some),
        _ => Ok(None),
    }
}
