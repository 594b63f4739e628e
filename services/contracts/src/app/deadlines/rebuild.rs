//! The list of deadlines, computed again from what it is about when the rules of the program are newer than those it was
//! computed with.

use store::{By, Db, Error};

use crate::store as rows;

/// Increased with each change of what a deadline is.
const RULES: i32 = 1;
/// Subjects of one unit of work.
const BATCH: i64 = 200;

/// Computes the list again if it has to be. Two processes that do it at once write the same rows.
pub async fn once(machine: &Db) -> Result<(), Error> {
    let now = machine.clock().now();
    let mut connection = machine.pool().acquire().await?;
    if rows::notice::is_built(&mut connection, RULES).await? {
        return Ok(());
    }
    drop(connection);
    let mut after = None;
    loop {
        let mut unit = machine
            .unit(By::service("contracts-deadlines", now))
            .await?;
        let reviews = rows::review::all_after(unit.connection(), after, BATCH).await?;
        let Some(last) = reviews.last() else {
            break;
        };
        after = Some(last.id.0);
        for review in &reviews {
            let owner = rows::deadline::Owner {
                subject: review.id.to_string(),
                contract: review.contract,
                region: review.region,
            };
            rows::deadline::rewrite(unit.connection(), &owner, &review.deadlines()).await?;
        }
        unit.done().await?;
    }
    let mut after = None;
    loop {
        let mut unit = machine
            .unit(By::service("contracts-deadlines", now))
            .await?;
        let procedures = rows::procedure::all_after(unit.connection(), after, BATCH).await?;
        let Some(last) = procedures.last() else {
            break;
        };
        after = Some(last.id.0);
        for procedure in &procedures {
            let owner = rows::deadline::Owner {
                subject: procedure.id.to_string(),
                contract: procedure.contract,
                region: procedure.region,
            };
            rows::deadline::rewrite(unit.connection(), &owner, &procedure.deadlines()).await?;
        }
        unit.done().await?;
    }
    let mut unit = machine
        .unit(By::service("contracts-deadlines", now))
        .await?;
    rows::notice::built(unit.connection(), RULES, now).await?;
    unit.done().await
}
