//! Meetings.

use sqlx::{AssertSqlSafe, PgConnection, Row as _, postgres::PgRow, types::Json};
use store::Error;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{parsed, person, present, reasons, rows_after, unexpected};
use crate::domain::{
    ContractId, MeetingId,
    follow_up::{Decision, Meeting, MeetingKind, MeetingPlan, Minutes},
};

const SELECT: &str = "
    select
        id,
        contract_id,
        region,
        version,
        kind,
        date,
        agenda,
        minutes,
        attendees,
        decisions,
        recorded_by,
        recorded_kind,
        recorded_role,
        recorded_at,
        created_at
    from meeting
    ";

fn meeting(row: &PgRow) -> Result<Meeting, Error> {
    let minutes = match row.get::<Option<OffsetDateTime>, _>("recorded_at") {
        Some(at) => {
            let kind: &str = row.get("recorded_kind");
            let decisions: Json<Vec<Decision>> = row.get("decisions");
            Some(Minutes {
                text: reasons(row.get("minutes"))?,
                attendees: row.get("attendees"),
                decisions: decisions.0,
                by: person(row.get("recorded_by"), kind, row.get("recorded_role"))?,
                at,
            })
        }
        None => None,
    };
    Ok(Meeting {
        id: MeetingId(row.get("id")),
        contract: ContractId(row.get("contract_id")),
        region: parsed("region", row.get("region"))?,
        plan: MeetingPlan {
            kind: match row.get("kind") {
                "REVIEW" => MeetingKind::Review,
                "COMMITTEE" => MeetingKind::Committee,
                other => return Err(unexpected("kind of a meeting", other)),
            },
            date: row.get("date"),
            agenda: row.get("agenda"),
        },
        minutes,
        version: row.get("version"),
        created_at: row.get("created_at"),
    })
}

/// Reads a meeting.
pub async fn find(connection: &mut PgConnection, id: MeetingId) -> Result<Option<Meeting>, Error> {
    one(connection, id, "").await
}

/// Reads a meeting and keeps others from changing it until the unit of work ends.
pub async fn lock(connection: &mut PgConnection, id: MeetingId) -> Result<Option<Meeting>, Error> {
    one(connection, id, "for update").await
}

async fn one(
    connection: &mut PgConnection,
    id: MeetingId,
    clause: &'static str,
) -> Result<Option<Meeting>, Error> {
    let row = sqlx::query(AssertSqlSafe(format!("{SELECT} where id = $1 {clause}")))
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(meeting).transpose()
}

/// At most `limit` meetings after an identifier, to compute something of each again.
pub async fn all_after(
    connection: &mut PgConnection,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Meeting>, Error> {
    let rows = rows_after(connection, (SELECT, "meeting"), after, limit).await?;
    rows.iter().map(meeting).collect()
}

/// The meetings of a contract, by date.
pub async fn of_contract(
    connection: &mut PgConnection,
    contract: ContractId,
) -> Result<Vec<Meeting>, Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{SELECT} where contract_id = $1 order by date, id"
    )))
    .bind(contract.0)
    .fetch_all(connection)
    .await?;
    rows.iter().map(meeting).collect()
}

/// Writes a new plan.
pub async fn insert(connection: &mut PgConnection, planned: &Meeting) -> Result<(), Error> {
    sqlx::query(
        "insert into meeting (id, contract_id, region, version, kind, date, agenda, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(planned.id.0)
    .bind(planned.contract.0)
    .bind(planned.region.code())
    .bind(planned.version)
    .bind(planned.plan.kind.as_str())
    .bind(planned.plan.date)
    .bind(&planned.plan.agenda)
    .bind(planned.created_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes minutes, or a decision that is done.
pub async fn save(connection: &mut PgConnection, after: &Meeting) -> Result<(), Error> {
    let minutes = present("minutes", after.minutes.as_ref())?;
    let by = minutes.by.actor();
    sqlx::query(
        "update meeting set
             version = $2,
             minutes = $3,
             attendees = $4,
             decisions = $5,
             recorded_by = $6,
             recorded_kind = $7,
             recorded_role = $8,
             recorded_at = $9
         where id = $1",
    )
    .bind(after.id.0)
    .bind(after.version)
    .bind(minutes.text.as_str())
    .bind(&minutes.attendees)
    .bind(Json(&minutes.decisions))
    .bind(&by.subject)
    .bind(by.kind.as_str())
    .bind(&by.role)
    .bind(minutes.at)
    .execute(connection)
    .await?;
    Ok(())
}
