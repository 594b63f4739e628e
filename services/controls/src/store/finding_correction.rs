//! Table `finding_correction`.

use ::store::Error;
use kernel::Actor;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

use super::{finding::severity, person};
use crate::domain::{Finding, FindingId, compare::Severity, finding::Correction};

/// A correction as it was recorded.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub reasons: String,
    pub author: Actor,
    pub at: OffsetDateTime,
    pub previous_severity: Severity,
    pub previous_summary: String,
    pub severity: Severity,
}

/// Records the correction that brought `finding` to its version.
pub async fn insert(
    connection: &mut PgConnection,
    finding: &Finding,
    correction: &Correction,
) -> Result<(), Error> {
    sqlx::query(
        "insert into finding_correction (
             finding_id,
             version,
             reasons,
             author,
             author_role,
             corrected_at,
             previous_severity,
             previous_summary,
             severity
         ) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(finding.id.0)
    .bind(finding.version)
    .bind(correction.reasons.as_str())
    .bind(&correction.author.subject)
    .bind(&correction.author.role)
    .bind(correction.at)
    .bind(correction.previous_severity.as_str())
    .bind(&correction.previous_summary)
    .bind(correction.severity.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// The corrections of a finding, oldest first.
pub async fn of(pool: &PgPool, finding: FindingId) -> Result<Vec<Recorded>, Error> {
    #[derive(sqlx::FromRow)]
    struct Row {
        reasons: String,
        author: String,
        author_role: String,
        corrected_at: OffsetDateTime,
        previous_severity: String,
        previous_summary: String,
        severity: String,
    }
    let rows: Vec<Row> = sqlx::query_as(
        "select reasons, author, author_role, corrected_at, previous_severity, previous_summary, severity
         from finding_correction
         where finding_id = $1
         order by version",
    )
    .bind(finding.0)
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Recorded {
                reasons: row.reasons,
                author: person(row.author, row.author_role),
                at: row.corrected_at,
                previous_severity: severity(&row.previous_severity)?,
                previous_summary: row.previous_summary,
                severity: severity(&row.severity)?,
            })
        })
        .collect()
}
