//! Table `step_done`: steps of commitments that are recorded as done.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, PgConnection, Row as _, postgres::PgRow};
use store::Error;

use super::{attachment, parsed, person};
use crate::domain::{
    ContractId, StepId,
    step::{CompletedStep, Done, StepKey},
};

/// The constraint that keeps one record of a step.
pub const ONCE: &str = "step_done_once";

/// A record, as it is written and read.
const COLUMNS: &str = "
    id,
    contract_id,
    region,
    commitment,
    title,
    due_date,
    done_date,
    note,
    attachments,
    recorded_by,
    recorded_kind,
    recorded_role,
    recorded_at
    ";

fn key(row: &PgRow) -> StepKey {
    StepKey {
        commitment: row.get("commitment"),
        title: row.get("title"),
        due_date: row.get("due_date"),
    }
}

fn completed(row: &PgRow) -> Result<CompletedStep, Error> {
    let kind: &str = row.get("recorded_kind");
    Ok(CompletedStep {
        id: StepId(row.get("id")),
        contract: ContractId(row.get("contract_id")),
        region: parsed("region", row.get("region"))?,
        step: key(row),
        done: Done {
            date: row.get("done_date"),
            note: row.get("note"),
            attachments: attachment::of(row)?,
        },
        by: person(row.get("recorded_by"), kind, row.get("recorded_role"))?,
        at: row.get("recorded_at"),
    })
}

/// The steps of a contract that are done, by the day they were.
pub async fn of_contract(
    connection: &mut PgConnection,
    contract: ContractId,
) -> Result<Vec<CompletedStep>, Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "select {COLUMNS} from step_done where contract_id = $1 order by done_date, recorded_at, id"
    )))
    .bind(contract.0)
    .fetch_all(connection)
    .await?;
    rows.iter().map(completed).collect()
}

/// Which steps of a contract are done.
pub async fn done(
    connection: &mut PgConnection,
    contract: ContractId,
) -> Result<BTreeSet<StepKey>, Error> {
    let rows =
        sqlx::query("select commitment, title, due_date from step_done where contract_id = $1")
            .bind(contract.0)
            .fetch_all(connection)
            .await?;
    Ok(rows.iter().map(key).collect())
}

/// Records that a step is done.
pub async fn insert(connection: &mut PgConnection, completed: &CompletedStep) -> Result<(), Error> {
    let CompletedStep { step, done, .. } = completed;
    let by = completed.by.actor();
    sqlx::query(AssertSqlSafe(format!(
        "insert into step_done ({COLUMNS})
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    )))
    .bind(completed.id.0)
    .bind(completed.contract.0)
    .bind(completed.region.code())
    .bind(&step.commitment)
    .bind(&step.title)
    .bind(step.due_date)
    .bind(done.date)
    .bind(&done.note)
    .bind(attachment::column(&done.attachments))
    .bind(&by.subject)
    .bind(by.kind.as_str())
    .bind(&by.role)
    .bind(completed.at)
    .execute(connection)
    .await?;
    Ok(())
}
