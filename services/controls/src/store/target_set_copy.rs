//! Table `target_set_copy`: written by the consumer of target-set events, read to measure.

use std::collections::HashMap;

use ::store::Error;
use kernel::Region;
use sqlx::{PgConnection, PgPool, types::Json};
use time::Date;
use uuid::Uuid;

use crate::domain::{ContractId, TargetSetId, objective::Objective};

/// What is kept of a target set in effect.
#[derive(Debug, Clone)]
pub struct TargetSetCopy {
    pub id: TargetSetId,
    /// The event that put it in effect.
    pub version: i64,
    pub region: Region,
    pub contract: ContractId,
    pub effect_date: Date,
    pub end_date: Date,
    pub objectives: Vec<Objective>,
}

/// Records that the set is in effect.
pub async fn put_in_effect(
    connection: &mut PgConnection,
    copy: &TargetSetCopy,
) -> Result<(), Error> {
    sqlx::query(
        "insert into target_set_copy (
             id,
             version,
             region,
             contract_id,
             state,
             effect_date,
             end_date,
             objectives
         ) values ($1, $2, $3, $4, 'in_effect', $5, $6, $7)
         on conflict (id) do update set
             version = excluded.version,
             state = excluded.state,
             effect_date = excluded.effect_date,
             end_date = excluded.end_date,
             objectives = excluded.objectives",
    )
    .bind(copy.id.0)
    .bind(copy.version)
    .bind(copy.region.code())
    .bind(copy.contract.0)
    .bind(copy.effect_date)
    .bind(copy.end_date)
    .bind(Json(&copy.objectives))
    .execute(connection)
    .await?;
    Ok(())
}

/// Records that the set has ended with its contract. Its objectives stay, to control the years before.
pub async fn end(connection: &mut PgConnection, id: TargetSetId) -> Result<(), Error> {
    sqlx::query("update target_set_copy set state = 'ended' where id = $1")
        .bind(id.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// The objectives of a target set and the version they are of.
#[derive(Debug, Clone)]
pub struct Targets {
    pub id: TargetSetId,
    pub version: i64,
    pub objectives: Vec<Objective>,
}

/// The target sets of some contracts; a contract without one is absent.
pub async fn of_contracts(
    pool: &PgPool,
    contracts: &[ContractId],
) -> Result<HashMap<ContractId, Targets>, Error> {
    #[derive(sqlx::FromRow)]
    struct Row {
        contract_id: Uuid,
        id: Uuid,
        version: i64,
        objectives: Json<Vec<Objective>>,
    }
    let ids: Vec<Uuid> = contracts.iter().map(|id| id.0).collect();
    let rows: Vec<Row> = sqlx::query_as(
        "select
             contract_copy.id as contract_id,
             target_set_copy.id,
             target_set_copy.version,
             target_set_copy.objectives
         from contract_copy
         join target_set_copy on target_set_copy.id = contract_copy.target_set_id
         where contract_copy.id = any($1)",
    )
    .bind(&ids)
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let targets = Targets {
                id: TargetSetId(row.id),
                version: row.version,
                objectives: row.objectives.0,
            };
            (ContractId(row.contract_id), targets)
        })
        .collect())
}
