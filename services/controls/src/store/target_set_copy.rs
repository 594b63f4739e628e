//! Table `target_set_copy`: written by the consumer of target-set events, read to measure.

use std::collections::HashMap;

use ::store::Error;
use kernel::Region;
use sqlx::{PgConnection, PgExecutor, types::Json};
use time::Date;
use uuid::Uuid;

use crate::domain::{ContractId, ControlId, TargetSetId, objective::Objective};

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
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "insert into target_set_version (id, version, objectives)
         values ($1, $2, $3)
         on conflict do nothing",
    )
    .bind(copy.id.0)
    .bind(copy.version)
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

/// The versions of target sets that some controls compare; a control without one is absent.
pub async fn of_controls(
    executor: impl PgExecutor<'_>,
    controls: &[ControlId],
) -> Result<HashMap<ControlId, Targets>, Error> {
    #[derive(sqlx::FromRow)]
    struct Row {
        control_id: Uuid,
        id: Uuid,
        version: i64,
        objectives: Json<Vec<Objective>>,
    }
    let ids: Vec<Uuid> = controls.iter().map(|id| id.0).collect();
    let rows: Vec<Row> = sqlx::query_as(
        "select
             control.id as control_id,
             target_set_version.id,
             target_set_version.version,
             target_set_version.objectives
         from control
         join target_set_version
             on target_set_version.id = control.target_set_id
             and target_set_version.version = control.target_set_version
         where control.id = any($1)",
    )
    .bind(&ids)
    .fetch_all(executor)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let targets = Targets {
                id: TargetSetId(row.id),
                version: row.version,
                objectives: row.objectives.0,
            };
            (ControlId(row.control_id), targets)
        })
        .collect())
}
