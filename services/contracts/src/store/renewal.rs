//! Renewals.

use std::collections::HashMap;

use kernel::Region;
use sqlx::{AssertSqlSafe, PgConnection, Row as _, postgres::PgRow};
use store::Error;
use time::Date;
use uuid::Uuid;

use super::{parsed, person, present, reasons, rows_after, unexpected};
use crate::domain::{
    ContractId, Renewal, RenewalId,
    renewal::{Decision, State},
};

const SELECT: &str = "
    select
        renewal.id,
        renewal.contract_id,
        renewal.region,
        renewal.version,
        renewal.state,
        renewal.request,
        renewal.requested_by,
        renewal.requested_kind,
        renewal.requested_role,
        renewal.receipt_date,
        renewal.late,
        renewal.answer_due_date,
        renewal.reasons,
        renewal.decided_by,
        renewal.decided_kind,
        renewal.decided_role,
        renewal.decided_at,
        renewal.successor,
        renewal.new_end_date,
        renewal.created_at,
        renewal.updated_at
    from renewal
    ";

fn decision(row: &PgRow) -> Result<Decision, Error> {
    let kind: &str = row.get("decided_kind");
    Ok(Decision {
        reasons: reasons(present("reasons", row.get("reasons"))?)?,
        by: person(row.get("decided_by"), kind, row.get("decided_role"))?,
        at: present("decided_at", row.get("decided_at"))?,
    })
}

fn renewal(row: &PgRow) -> Result<Renewal, Error> {
    let (kind, role) = (row.get("requested_kind"), row.get("requested_role"));
    Ok(Renewal {
        id: RenewalId(row.get("id")),
        contract: ContractId(row.get("contract_id")),
        region: parsed("region", row.get("region"))?,
        request: reasons(row.get("request"))?,
        requested_by: person(row.get("requested_by"), kind, role)?,
        receipt_date: row.get("receipt_date"),
        late: row.get("late"),
        answer_due_date: row.get("answer_due_date"),
        state: match row.get("state") {
            "REQUESTED" => State::Requested,
            "GRANTED" => State::Granted {
                successor: ContractId(present("successor", row.get("successor"))?),
                decision: decision(row)?,
            },
            "REFUSED" => State::Refused {
                decision: decision(row)?,
            },
            "TACIT" => State::Tacit,
            "TACIT_CONFIRMED" => State::TacitConfirmed {
                new_end_date: present("new_end_date", row.get("new_end_date"))?,
                decision: decision(row)?,
            },
            other => return Err(unexpected("state of a renewal", other)),
        },
        version: row.get("version"),
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
    })
}

/// Reads a renewal.
pub async fn find(connection: &mut PgConnection, id: RenewalId) -> Result<Option<Renewal>, Error> {
    one(connection, id, "").await
}

/// Reads a renewal and keeps others from changing it until the unit of work ends.
pub async fn lock(connection: &mut PgConnection, id: RenewalId) -> Result<Option<Renewal>, Error> {
    one(connection, id, "for update").await
}

async fn one(
    connection: &mut PgConnection,
    id: RenewalId,
    clause: &'static str,
) -> Result<Option<Renewal>, Error> {
    let row = sqlx::query(AssertSqlSafe(format!("{SELECT} where id = $1 {clause}")))
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(renewal).transpose()
}

/// At most `limit` renewals after an identifier, to compute something of each again.
pub async fn all_after(
    connection: &mut PgConnection,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Renewal>, Error> {
    let rows = rows_after(connection, (SELECT, "renewal"), after, limit).await?;
    rows.iter().map(renewal).collect()
}

/// The renewals of a contract, oldest first.
pub async fn of_contract(
    connection: &mut PgConnection,
    contract: ContractId,
) -> Result<Vec<Renewal>, Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{SELECT} where contract_id = $1 order by created_at, id"
    )))
    .bind(contract.0)
    .fetch_all(connection)
    .await?;
    rows.iter().map(renewal).collect()
}

/// The contracts that follow these, where the director general named one.
pub async fn successors(
    connection: &mut PgConnection,
    contracts: &[ContractId],
) -> Result<HashMap<ContractId, ContractId>, Error> {
    let ids: Vec<Uuid> = contracts.iter().map(|id| id.0).collect();
    let rows = sqlx::query(
        "select
             contract_id,
             successor
         from renewal
         where contract_id = any($1) and state = 'GRANTED'",
    )
    .bind(&ids)
    .fetch_all(connection)
    .await?;
    let pair = |row: PgRow| {
        (
            ContractId(row.get("contract_id")),
            ContractId(row.get("successor")),
        )
    };
    Ok(rows.into_iter().map(pair).collect())
}

/// Requests whose last day for an answer has passed, each region by its own legal day. Those that another replica is at
/// work on are left to it.
pub async fn lock_silent(
    connection: &mut PgConnection,
    today: &[(Region, Date)],
    limit: i64,
) -> Result<Vec<Renewal>, Error> {
    let (regions, days): (Vec<&str>, Vec<Date>) = today
        .iter()
        .map(|(region, day)| (region.code(), *day))
        .unzip();
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{SELECT}
         join unnest($1::text[], $2::date[]) as today (region, day) on today.region = renewal.region
         where renewal.state = 'REQUESTED' and renewal.answer_due_date < today.day
         order by renewal.id
         limit $3
         for update of renewal skip locked"
    )))
    .bind(&regions)
    .bind(&days)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.iter().map(renewal).collect()
}

/// The constraint that keeps one request standing for a contract.
pub const ONE_STANDS: &str = "renewal_one_stands";

/// Writes a new request.
pub async fn insert(connection: &mut PgConnection, renewal: &Renewal) -> Result<(), Error> {
    let by = renewal.requested_by.actor();
    sqlx::query(
        "insert into renewal (
             id,
             contract_id,
             region,
             version,
             state,
             request,
             requested_by,
             requested_kind,
             requested_role,
             receipt_date,
             late,
             answer_due_date,
             created_at,
             updated_at
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)",
    )
    .bind(renewal.id.0)
    .bind(renewal.contract.0)
    .bind(renewal.region.code())
    .bind(renewal.version)
    .bind(renewal.state.as_str())
    .bind(renewal.request.as_str())
    .bind(&by.subject)
    .bind(by.kind.as_str())
    .bind(&by.role)
    .bind(renewal.receipt_date)
    .bind(renewal.late)
    .bind(renewal.answer_due_date)
    .bind(renewal.created_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes a person's answer.
pub async fn save(connection: &mut PgConnection, after: &Renewal) -> Result<(), Error> {
    let decision = present("a decision", after.state.decision())?;
    let by = decision.by.actor();
    let successor = match &after.state {
        State::Granted { successor, .. } => Some(successor.0),
        _ => None,
    };
    let new_end_date = match &after.state {
        State::TacitConfirmed { new_end_date, .. } => Some(*new_end_date),
        _ => None,
    };
    sqlx::query(
        "update renewal set
             version = $2,
             state = $3,
             reasons = $4,
             decided_by = $5,
             decided_kind = $6,
             decided_role = $7,
             decided_at = $8,
             successor = $9,
             new_end_date = $10,
             updated_at = $8
         where id = $1",
    )
    .bind(after.id.0)
    .bind(after.version)
    .bind(after.state.as_str())
    .bind(decision.reasons.as_str())
    .bind(&by.subject)
    .bind(by.kind.as_str())
    .bind(&by.role)
    .bind(decision.at)
    .bind(successor)
    .bind(new_end_date)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes that the months passed in silence: the columns that a machine may write, and no others.
pub async fn save_time(connection: &mut PgConnection, after: &Renewal) -> Result<(), Error> {
    sqlx::query("update renewal set version = $2, state = $3, updated_at = $4 where id = $1")
        .bind(after.id.0)
        .bind(after.version)
        .bind(after.state.as_str())
        .bind(after.updated_at)
        .execute(connection)
        .await?;
    Ok(())
}
