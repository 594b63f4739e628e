//! Notices of withdrawal from the single contract of a group.

use sqlx::{AssertSqlSafe, PgConnection, Row as _, postgres::PgRow};
use store::Error;
use time::Date;
use uuid::Uuid;

use super::{parsed, person, present, reasons, rows_after};
use crate::domain::{
    ContractId, Withdrawal, WithdrawalId,
    withdrawal::{Rule, Terms},
};

const SELECT: &str = "
    select
        withdrawal.id,
        withdrawal.contract_id,
        withdrawal.region,
        withdrawal.version,
        withdrawal.legal_entity,
        withdrawal.reasons,
        withdrawal.notified_by,
        withdrawal.notified_kind,
        withdrawal.notified_role,
        withdrawal.received_on,
        withdrawal.earliest,
        withdrawal.terms_due,
        withdrawal.effect_date,
        withdrawal.others_go_on,
        withdrawal.terms,
        withdrawal.terms_reasons,
        withdrawal.decided_by,
        withdrawal.decided_kind,
        withdrawal.decided_role,
        withdrawal.decided_at,
        withdrawal.created_at,
        withdrawal.updated_at
    from withdrawal
    ";

fn terms(row: &PgRow) -> Result<Option<Terms>, Error> {
    let Some(effect_date) = row.get("effect_date") else {
        return Ok(None);
    };
    let kind: &str = row.get("decided_kind");
    Ok(Some(Terms {
        effect_date,
        others_go_on: present("others_go_on", row.get("others_go_on"))?,
        text: reasons(present("terms", row.get("terms"))?)?,
        reasons: reasons(present("terms_reasons", row.get("terms_reasons"))?)?,
        by: person(row.get("decided_by"), kind, row.get("decided_role"))?,
        at: present("decided_at", row.get("decided_at"))?,
    }))
}

fn withdrawal(row: &PgRow) -> Result<Withdrawal, Error> {
    let (kind, role) = (row.get("notified_kind"), row.get("notified_role"));
    Ok(Withdrawal {
        id: WithdrawalId(row.get("id")),
        contract: ContractId(row.get("contract_id")),
        region: parsed("region", row.get("region"))?,
        entity: parsed("legal entity", row.get("legal_entity"))?,
        reasons: reasons(row.get("reasons"))?,
        notified_by: person(row.get("notified_by"), kind, role)?,
        received_on: row.get("received_on"),
        earliest: row.get("earliest"),
        terms_due: row.get("terms_due"),
        terms: terms(row)?,
        version: row.get("version"),
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
    })
}

/// The figures in force on a day.
pub async fn rule(connection: &mut PgConnection, day: Date) -> Result<Rule, Error> {
    let row = sqlx::query(
        "select after_months, notice_months, terms_months, source
         from withdrawal_parameter
         where valid_from <= $1
         order by valid_from desc
         limit 1",
    )
    .bind(day)
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::Inconsistent(format!("no figures for a withdrawal on {day}")))?;
    let months = |column: &str| u32::try_from(row.get::<i32, _>(column)).unwrap_or_default();
    Ok(Rule {
        after_months: months("after_months"),
        notice_months: months("notice_months"),
        terms_months: months("terms_months"),
        source: row.get("source"),
    })
}

/// Reads a withdrawal.
pub async fn find(
    connection: &mut PgConnection,
    id: WithdrawalId,
) -> Result<Option<Withdrawal>, Error> {
    one(connection, id, "").await
}

/// Reads a withdrawal and keeps others from changing it until the unit of work ends.
pub async fn lock(
    connection: &mut PgConnection,
    id: WithdrawalId,
) -> Result<Option<Withdrawal>, Error> {
    one(connection, id, "for update").await
}

async fn one(
    connection: &mut PgConnection,
    id: WithdrawalId,
    clause: &'static str,
) -> Result<Option<Withdrawal>, Error> {
    let row = sqlx::query(AssertSqlSafe(format!("{SELECT} where id = $1 {clause}")))
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(withdrawal).transpose()
}

/// At most `limit` withdrawals after an identifier, to compute something of each again.
pub async fn all_after(
    connection: &mut PgConnection,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Withdrawal>, Error> {
    let rows = rows_after(connection, (SELECT, "withdrawal"), after, limit).await?;
    rows.iter().map(withdrawal).collect()
}

/// The withdrawals from a contract, oldest first: one a member at most.
pub async fn of_contract(
    connection: &mut PgConnection,
    contract: ContractId,
) -> Result<Vec<Withdrawal>, Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{SELECT} where contract_id = $1 order by created_at, id"
    )))
    .bind(contract.0)
    .fetch_all(connection)
    .await?;
    rows.iter().map(withdrawal).collect()
}

/// The constraint that keeps one notice of a member of a contract.
pub const ONE_STANDS: &str = "withdrawal_one_stands";

/// Writes a new notice.
pub async fn insert(connection: &mut PgConnection, withdrawal: &Withdrawal) -> Result<(), Error> {
    let by = withdrawal.notified_by.actor();
    sqlx::query(
        "insert into withdrawal (
             id,
             contract_id,
             region,
             version,
             legal_entity,
             reasons,
             notified_by,
             notified_kind,
             notified_role,
             received_on,
             earliest,
             terms_due,
             created_at,
             updated_at
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)",
    )
    .bind(withdrawal.id.0)
    .bind(withdrawal.contract.0)
    .bind(withdrawal.region.code())
    .bind(withdrawal.version)
    .bind(withdrawal.entity.to_string())
    .bind(withdrawal.reasons.as_str())
    .bind(&by.subject)
    .bind(by.kind.as_str())
    .bind(&by.role)
    .bind(withdrawal.received_on)
    .bind(withdrawal.earliest)
    .bind(withdrawal.terms_due)
    .bind(withdrawal.created_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes the terms.
pub async fn save(connection: &mut PgConnection, after: &Withdrawal) -> Result<(), Error> {
    let terms = present("terms", after.terms.as_ref())?;
    let by = terms.by.actor();
    sqlx::query(
        "update withdrawal set
             version = $2,
             effect_date = $3,
             others_go_on = $4,
             terms = $5,
             terms_reasons = $6,
             decided_by = $7,
             decided_kind = $8,
             decided_role = $9,
             decided_at = $10,
             updated_at = $10
         where id = $1",
    )
    .bind(after.id.0)
    .bind(after.version)
    .bind(terms.effect_date)
    .bind(terms.others_go_on)
    .bind(terms.text.as_str())
    .bind(terms.reasons.as_str())
    .bind(&by.subject)
    .bind(by.kind.as_str())
    .bind(&by.role)
    .bind(terms.at)
    .execute(connection)
    .await?;
    Ok(())
}
