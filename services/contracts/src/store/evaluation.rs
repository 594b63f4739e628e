//! Evaluations.

use sqlx::{AssertSqlSafe, PgConnection, Row as _, postgres::PgRow, types::Json};
use store::Error;
use uuid::Uuid;

use super::{parsed, person, present, reasons, rows_after, unexpected};
use crate::domain::{
    ContractId, EvaluationId,
    follow_up::{
        Assessment, Conclusion, Evaluation, EvaluationKind, EvaluationPlan, EvaluationState, Report,
    },
};

const SELECT: &str = "
    select
        id,
        contract_id,
        region,
        version,
        state,
        kind,
        year,
        due_date,
        report,
        reported_by,
        reported_kind,
        reported_role,
        reported_at,
        assessments,
        conclusion,
        concluded_by,
        concluded_kind,
        concluded_role,
        concluded_at,
        created_at
    from evaluation
    ";

fn evaluation(row: &PgRow) -> Result<Evaluation, Error> {
    Ok(Evaluation {
        id: EvaluationId(row.get("id")),
        contract: ContractId(row.get("contract_id")),
        region: parsed("region", row.get("region"))?,
        plan: EvaluationPlan {
            kind: match row.get("kind") {
                "ANNUAL" => EvaluationKind::Annual,
                "MID_TERM" => EvaluationKind::MidTerm,
                "FINAL" => EvaluationKind::Final,
                other => return Err(unexpected("kind of an evaluation", other)),
            },
            year: row.get("year"),
            due_date: row.get("due_date"),
        },
        state: match row.get("state") {
            "PLANNED" => EvaluationState::Planned,
            "REPORTED" => EvaluationState::Reported {
                report: report(row)?,
            },
            "CONCLUDED" => EvaluationState::Concluded {
                report: report(row)?,
                conclusion: conclusion(row)?,
            },
            other => return Err(unexpected("state of an evaluation", other)),
        },
        version: row.get("version"),
        created_at: row.get("created_at"),
    })
}

fn report(row: &PgRow) -> Result<Report, Error> {
    let kind: &str = row.get("reported_kind");
    Ok(Report {
        text: reasons(row.get("report"))?,
        by: person(row.get("reported_by"), kind, row.get("reported_role"))?,
        at: row.get("reported_at"),
    })
}

fn conclusion(row: &PgRow) -> Result<Conclusion, Error> {
    let kind: &str = row.get("concluded_kind");
    let assessments: Json<Vec<Assessment>> = row.get("assessments");
    Ok(Conclusion {
        assessments: assessments.0,
        text: reasons(row.get("conclusion"))?,
        by: person(row.get("concluded_by"), kind, row.get("concluded_role"))?,
        at: row.get("concluded_at"),
    })
}

/// Reads an evaluation.
pub async fn find(
    connection: &mut PgConnection,
    id: EvaluationId,
) -> Result<Option<Evaluation>, Error> {
    one(connection, id, "").await
}

/// Reads an evaluation and keeps others from changing it until the unit of work ends.
pub async fn lock(
    connection: &mut PgConnection,
    id: EvaluationId,
) -> Result<Option<Evaluation>, Error> {
    one(connection, id, "for update").await
}

async fn one(
    connection: &mut PgConnection,
    id: EvaluationId,
    clause: &'static str,
) -> Result<Option<Evaluation>, Error> {
    let row = sqlx::query(AssertSqlSafe(format!("{SELECT} where id = $1 {clause}")))
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(evaluation).transpose()
}

/// At most `limit` evaluations after an identifier, to compute something of each again.
pub async fn all_after(
    connection: &mut PgConnection,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Evaluation>, Error> {
    let rows = rows_after(connection, (SELECT, "evaluation"), after, limit).await?;
    rows.iter().map(evaluation).collect()
}

/// The evaluations of a contract, by due date.
pub async fn of_contract(
    connection: &mut PgConnection,
    contract: ContractId,
) -> Result<Vec<Evaluation>, Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{SELECT} where contract_id = $1 order by due_date, id"
    )))
    .bind(contract.0)
    .fetch_all(connection)
    .await?;
    rows.iter().map(evaluation).collect()
}

/// Whether the final evaluation of a contract is concluded.
pub async fn final_is_concluded(
    connection: &mut PgConnection,
    contract: ContractId,
) -> Result<bool, Error> {
    let row = sqlx::query(
        "select exists (
             select from evaluation
             where contract_id = $1 and kind = 'FINAL' and state = 'CONCLUDED'
         ) as concluded",
    )
    .bind(contract.0)
    .fetch_one(connection)
    .await?;
    Ok(row.get("concluded"))
}

/// The constraint that keeps one evaluation of a kind and year for a contract.
pub const ONCE: &str = "evaluation_once";

/// Writes a new plan.
pub async fn insert(connection: &mut PgConnection, planned: &Evaluation) -> Result<(), Error> {
    sqlx::query(
        "insert into evaluation (id, contract_id, region, version, state, kind, year, due_date, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(planned.id.0)
    .bind(planned.contract.0)
    .bind(planned.region.code())
    .bind(planned.version)
    .bind(planned.state.as_str())
    .bind(planned.plan.kind.as_str())
    .bind(planned.plan.year)
    .bind(planned.plan.due_date)
    .bind(planned.created_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes a report or a conclusion.
pub async fn save(connection: &mut PgConnection, after: &Evaluation) -> Result<(), Error> {
    let report = present("a report", after.state.report())?;
    let conclusion = after.state.conclusion();
    let (reporter, author) = (report.by.actor(), conclusion.map(|c| c.by.actor()));
    sqlx::query(
        "update evaluation set
             version = $2,
             state = $3,
             report = $4,
             reported_by = $5,
             reported_kind = $6,
             reported_role = $7,
             reported_at = $8,
             assessments = $9,
             conclusion = $10,
             concluded_by = $11,
             concluded_kind = $12,
             concluded_role = $13,
             concluded_at = $14
         where id = $1",
    )
    .bind(after.id.0)
    .bind(after.version)
    .bind(after.state.as_str())
    .bind(report.text.as_str())
    .bind(&reporter.subject)
    .bind(reporter.kind.as_str())
    .bind(&reporter.role)
    .bind(report.at)
    .bind(conclusion.map(|c| Json(&c.assessments)))
    .bind(conclusion.map(|c| c.text.as_str()))
    .bind(author.map(|a| a.subject.as_str()))
    .bind(author.map(|a| a.kind.as_str()))
    .bind(author.map(|a| a.role.as_str()))
    .bind(conclusion.map(|c| c.at))
    .execute(connection)
    .await?;
    Ok(())
}
