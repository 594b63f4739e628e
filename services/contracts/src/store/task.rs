//! Tasks, and which contracts a change of the registry concerns.

use std::collections::BTreeSet;

use kernel::{Finess, Region};
use sqlx::{AssertSqlSafe, PgConnection, QueryBuilder, Row as _, postgres::PgRow};
use store::{Error, restrict};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{After, parsed, person, present, reasons, unexpected};
use crate::domain::{
    ContractId, Task, TaskId,
    task::{Done, Kind},
};

const SELECT: &str = "
    select
        id,
        region,
        contract_id,
        kind,
        subject,
        explanation,
        version,
        raised_at,
        done_at,
        note,
        done_by,
        done_by_kind,
        done_by_role
    from task
    ";

fn task(row: &PgRow) -> Result<Task, Error> {
    let done = match row.get::<Option<OffsetDateTime>, _>("done_at") {
        Some(at) => {
            let kind: &str = row.get("done_by_kind");
            Some(Done {
                note: reasons(present("note", row.get("note"))?)?,
                by: person(row.get("done_by"), kind, row.get("done_by_role"))?,
                at,
            })
        }
        None => None,
    };
    Ok(Task {
        id: TaskId(row.get("id")),
        region: parsed("region", row.get("region"))?,
        contract: ContractId(row.get("contract_id")),
        kind: match row.get("kind") {
            "SITE_CLOSED" => Kind::SiteClosed,
            "SITE_TRANSFERRED" => Kind::SiteTransferred,
            "PARTY_CLOSED" => Kind::PartyClosed,
            "TACIT_RENEWAL" => Kind::TacitRenewal,
            "PROGRAMMING_CHANGED" => Kind::ProgrammingChanged,
            other => return Err(unexpected("kind of a task", other)),
        },
        subject: row.get("subject"),
        explanation: row.get("explanation"),
        raised_at: row.get("raised_at"),
        done,
        version: row.get("version"),
    })
}

/// A contract that a change of the registry may concern.
#[derive(Debug, Clone)]
pub struct Concerned {
    pub id: ContractId,
    pub region: Region,
    pub parties: BTreeSet<Finess>,
}

/// Contracts under negotiation or in force whose current text covers a site, or, for `entity`, names it as a party.
pub async fn concerned(
    connection: &mut PgConnection,
    site: Option<Finess>,
    entity: Option<Finess>,
) -> Result<Vec<Concerned>, Error> {
    let rows = sqlx::query(
        "select
             contract.id,
             contract.region,
             current.legal_entities
         from contract
         join contract_version as current
             on current.contract_id = contract.id and current.number = contract.text_version
         where contract.id in (
                 select contract_id from contract_version where establishments @> array[$1]
                 union
                 select contract_id from contract_site where establishment = $1
                 union
                 select contract_id from contract_party where legal_entity = $2
             )
             and contract.state in (
                 'NEGOTIATION', 'CONSULTATION', 'READY_TO_SIGN', 'PARTIALLY_SIGNED', 'SIGNED', 'IN_FORCE',
                 'NOTICE_OF_TERMINATION'
             )
         order by contract.id",
    )
    .bind(site.map(|finess| finess.to_string()))
    .bind(entity.map(|finess| finess.to_string()))
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let parties: Vec<String> = row.get("legal_entities");
            Ok(Concerned {
                id: ContractId(row.get("id")),
                region: parsed("region", row.get("region"))?,
                parties: parties
                    .iter()
                    .map(|number| parsed("finess", number))
                    .collect::<Result<_, _>>()?,
            })
        })
        .collect()
}

/// Writes a task that an event raises. False when the same one is still open.
pub async fn raise(connection: &mut PgConnection, task: &Task) -> Result<bool, Error> {
    let written = sqlx::query(
        "insert into task (id, region, contract_id, kind, subject, explanation, version, raised_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (contract_id, kind, subject) where done_at is null do nothing",
    )
    .bind(task.id.0)
    .bind(task.region.code())
    .bind(task.contract.0)
    .bind(task.kind.as_str())
    .bind(&task.subject)
    .bind(&task.explanation)
    .bind(task.version)
    .bind(task.raised_at)
    .execute(connection)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Reads a task and keeps others from changing it until the unit of work ends.
pub async fn lock(connection: &mut PgConnection, id: TaskId) -> Result<Option<Task>, Error> {
    let row = sqlx::query(AssertSqlSafe(format!("{SELECT} where id = $1 for update")))
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(task).transpose()
}

/// Writes how a person dealt with a task.
pub async fn save(connection: &mut PgConnection, after: &Task) -> Result<(), Error> {
    let done = present("how it was done", after.done.as_ref())?;
    let by = done.by.actor();
    sqlx::query(
        "update task set
             version = $2,
             done_at = $3,
             note = $4,
             done_by = $5,
             done_by_kind = $6,
             done_by_role = $7
         where id = $1",
    )
    .bind(after.id.0)
    .bind(after.version)
    .bind(done.at)
    .bind(done.note.as_str())
    .bind(&by.subject)
    .bind(by.kind.as_str())
    .bind(&by.role)
    .execute(connection)
    .await?;
    Ok(())
}

/// Which tasks. None does not restrict.
#[derive(Debug, Clone)]
pub struct Filter {
    pub regions: Option<Vec<String>>,
    pub region: Option<String>,
    pub contract: Option<Uuid>,
    pub include_done: bool,
}

/// At most `limit` tasks, oldest first.
pub async fn list(
    connection: &mut PgConnection,
    filter: &Filter,
    after: After,
    limit: i64,
) -> Result<Vec<Task>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    query.push(" where true");
    let regions = filter.regions.as_deref();
    restrict(&mut query, "region = any($1)", regions);
    restrict(&mut query, "region = $1", filter.region.as_ref());
    restrict(&mut query, "contract_id = $1", filter.contract);
    if !filter.include_done {
        query.push(" and done_at is null");
    }
    store::after(&mut query, "raised_at, id", after);
    query.push(" order by raised_at, id limit ").push(limit);
    let rows = query.build().fetch_all(connection).await?;
    rows.iter().map(task).collect()
}
