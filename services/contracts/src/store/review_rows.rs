//! Rows of a review, read back into the domain.

use std::collections::HashMap;

use sqlx::{PgConnection, Row as _, postgres::PgRow};
use store::Error;
use uuid::Uuid;

use super::{parsed, person, present, reasons, unexpected};
use crate::domain::{
    CampaignId, ContractId, FindingId, ProcedureId, Review, ReviewId,
    review::{
        AttachedFinding, Conclusion, Examination, Notification, Observations, Outcome, Severity,
        State, Withdrawal,
    },
};

/// Reviews from their rows, with their findings and observations, in the order of the rows.
pub(super) async fn complete(
    connection: &mut PgConnection,
    rows: &[PgRow],
) -> Result<Vec<Review>, Error> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.get("id")).collect();
    let mut findings = findings(connection, &ids).await?;
    let is_notified = |row: &PgRow| row.get::<&str, _>("state") != "OPEN";
    let mut observations = if rows.iter().any(is_notified) {
        observations(connection, &ids).await?
    } else {
        HashMap::new()
    };
    rows.iter()
        .map(|row| {
            let id: Uuid = row.get("id");
            Ok(Review {
                id: ReviewId(id),
                region: parsed("region", row.get("region"))?,
                contract: ContractId(row.get("contract_id")),
                campaign: CampaignId(row.get("campaign")),
                year: row.get("year"),
                findings: findings.remove(&id).unwrap_or_default(),
                observations: observations.remove(&id).unwrap_or_default(),
                state: state(row)?,
                version: row.get("version"),
                created_at: row.get("created_at"),
                updated_at: row.get("updated_at"),
            })
        })
        .collect()
}

fn state(row: &PgRow) -> Result<State, Error> {
    let state: &str = row.get("state");
    Ok(match state {
        "OPEN" => State::Open,
        "NOTIFIED" => State::Notified {
            notification: notification(row)?,
        },
        "EXAMINED" => State::Examined {
            notification: notification(row)?,
            examination: examination(row)?,
        },
        "CONCLUDED" => State::Concluded {
            notification: notification(row)?,
            examination: examination(row)?,
            conclusion: conclusion(row)?,
        },
        other => return Err(unexpected("state of a review", other)),
    })
}

fn author(row: &PgRow, verb: &str) -> Result<kernel::HumanActor, Error> {
    let column = |suffix: &str| {
        let column = format!("{verb}_by{suffix}");
        present(&column, row.get::<Option<String>, _>(column.as_str()))
    };
    person(column("")?, &column("_kind")?, column("_role")?)
}

fn notification(row: &PgRow) -> Result<Notification, Error> {
    Ok(Notification {
        message: reasons(present("notification", row.get("notification"))?)?,
        by: author(row, "notified")?,
        at: present("notified_at", row.get("notified_at"))?,
        due_date: present("observations_due", row.get("observations_due"))?,
    })
}

fn examination(row: &PgRow) -> Result<Examination, Error> {
    Ok(Examination {
        analysis: reasons(present("analysis", row.get("analysis"))?)?,
        recommended: outcome(present("recommendation", row.get("recommended_outcome"))?)?,
        by: author(row, "examined")?,
        at: present("examined_at", row.get("examined_at"))?,
    })
}

fn conclusion(row: &PgRow) -> Result<Conclusion, Error> {
    Ok(Conclusion {
        outcome: outcome(present("outcome", row.get("outcome"))?)?,
        reasons: reasons(present("reasons", row.get("reasons"))?)?,
        by: author(row, "concluded")?,
        at: present("concluded_at", row.get("concluded_at"))?,
        procedure: row.get::<Option<Uuid>, _>("procedure_id").map(ProcedureId),
    })
}

fn outcome(text: &str) -> Result<Outcome, Error> {
    match text {
        "NO_ACTION" => Ok(Outcome::NoAction),
        "ACTION_PLAN" => Ok(Outcome::ActionPlan),
        "AMENDMENT_PROPOSED" => Ok(Outcome::AmendmentProposed),
        "SANCTION_PROPOSED" => Ok(Outcome::SanctionProposed),
        other => Err(unexpected("outcome", other)),
    }
}

fn severity(text: &str) -> Result<Severity, Error> {
    match text {
        "INFO" => Ok(Severity::Info),
        "MINOR" => Ok(Severity::Minor),
        "MAJOR" => Ok(Severity::Major),
        "GRAVE" => Ok(Severity::Grave),
        other => Err(unexpected("severity", other)),
    }
}

/// Findings in the order of the objectives, so that the order of their arrival does not show.
async fn findings(
    connection: &mut PgConnection,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<AttachedFinding>>, Error> {
    let rows = sqlx::query(
        r#"select
             review_id,
             finding,
             objective,
             summary,
             severity,
             opposable,
             penalty_eligible,
             attached_at,
             withdrawn_at,
             withdrawal_reason
         from review_finding
         where review_id = any($1)
         order by objective collate "C", finding"#,
    )
    .bind(ids)
    .fetch_all(connection)
    .await?;
    let mut findings: HashMap<Uuid, Vec<AttachedFinding>> = HashMap::new();
    for row in rows {
        let reason: Option<String> = row.get("withdrawal_reason");
        let withdrawn = row
            .get::<Option<time::OffsetDateTime>, _>("withdrawn_at")
            .map(|at| Withdrawal {
                reason: reason.unwrap_or_default(),
                at,
            });
        findings
            .entry(row.get("review_id"))
            .or_default()
            .push(AttachedFinding {
                finding: FindingId(row.get("finding")),
                objective: row.get("objective"),
                summary: row.get("summary"),
                severity: severity(row.get("severity"))?,
                opposable: row.get("opposable"),
                penalty_eligible: row.get("penalty_eligible"),
                attached_at: row.get("attached_at"),
                withdrawn,
            });
    }
    Ok(findings)
}

async fn observations(
    connection: &mut PgConnection,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Observations>>, Error> {
    let rows = sqlx::query(
        "select
             review_id,
             text,
             author,
             author_kind,
             author_role,
             submitted_at
         from review_observation
         where review_id = any($1)
         order by review_id, position",
    )
    .bind(ids)
    .fetch_all(connection)
    .await?;
    let mut observations: HashMap<Uuid, Vec<Observations>> = HashMap::new();
    for row in rows {
        let by = person(
            row.get("author"),
            row.get("author_kind"),
            row.get("author_role"),
        )?;
        observations
            .entry(row.get("review_id"))
            .or_default()
            .push(Observations {
                text: reasons(row.get("text"))?,
                by,
                at: row.get("submitted_at"),
            });
    }
    Ok(observations)
}
