//! Procedures: written once, on the recorded act of a person, and read.

use kernel::{HumanActor, Reasons, Region};
use sqlx::{AssertSqlSafe, PgConnection, Row as _, postgres::PgRow};
use store::Error;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{After, Scope, parsed, person, reasons};
use crate::domain::{ContractId, Procedure, ProcedureId, ReviewId};

/// A procedure as it stands on record. Reading one does not make one: see
/// [`Procedure::propose`](crate::domain::Procedure::propose).
#[derive(Debug, Clone)]
pub struct Recorded {
    pub id: ProcedureId,
    pub region: Region,
    pub contract: ContractId,
    pub review: ReviewId,
    pub version: i64,
    pub proposer: HumanActor,
    pub reasons: Reasons,
    pub proposed_at: OffsetDateTime,
}

/// Writes a procedure that a person proposed. `event` is the recorded act; the database accepts it only
/// when its actor is a person.
pub async fn insert(
    connection: &mut PgConnection,
    procedure: &Procedure,
    event: Uuid,
) -> Result<(), Error> {
    let proposal = procedure.proposal();
    sqlx::query(
        "insert into procedure (
             id,
             region,
             contract_id,
             review_id,
             review_outcome,
             version,
             state,
             proposer,
             proposer_role,
             reasons,
             proposed_at,
             proposal_event,
             proposal_actor_kind
         )
         values ($1, $2, $3, $4, 'SANCTION_PROPOSED', 1, 'PROPOSED', $5, $6, $7, $8, $9, $10)",
    )
    .bind(proposal.procedure().0)
    .bind(proposal.region().code())
    .bind(proposal.contract().0)
    .bind(proposal.review().0)
    .bind(proposal.proposer().subject())
    .bind(proposal.proposer().role())
    .bind(proposal.reasons().as_str())
    .bind(procedure.proposed_at())
    .bind(event)
    .bind(proposal.proposer().actor().kind.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

const SELECT: &str = "
    select
        id,
        region,
        contract_id,
        review_id,
        version,
        proposer,
        proposer_role,
        proposal_actor_kind,
        reasons,
        proposed_at
    from procedure
    ";

fn recorded(row: &PgRow) -> Result<Recorded, Error> {
    let (kind, role) = (row.get("proposal_actor_kind"), row.get("proposer_role"));
    Ok(Recorded {
        id: ProcedureId(row.get("id")),
        region: parsed("region", row.get("region"))?,
        contract: ContractId(row.get("contract_id")),
        review: ReviewId(row.get("review_id")),
        version: row.get("version"),
        proposer: person(row.get("proposer"), kind, role)?,
        reasons: reasons(row.get("reasons"))?,
        proposed_at: row.get("proposed_at"),
    })
}

/// Reads a procedure.
pub async fn find(
    connection: &mut PgConnection,
    id: ProcedureId,
) -> Result<Option<Recorded>, Error> {
    let row = sqlx::query(AssertSqlSafe(format!("{SELECT} where id = $1")))
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(recorded).transpose()
}

/// Which procedures. None does not restrict.
#[derive(Debug, Clone)]
pub struct Filter {
    pub scope: Scope,
    pub region: Option<String>,
    pub contract: Option<ContractId>,
}

/// At most `limit` procedures, oldest first.
pub async fn list(
    connection: &mut PgConnection,
    filter: &Filter,
    after: After,
    limit: i64,
) -> Result<Vec<Recorded>, Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{SELECT}
         where ($1::text[] is null or region = any($1))
             and $2::text[] is null
             and ($3::text is null or region = $3)
             and ($4::uuid is null or contract_id = $4)
             and ($5::timestamptz is null or (proposed_at, id) > ($5, $6))
         order by proposed_at, id
         limit $7"
    )))
    .bind(filter.scope.regions())
    // The establishment does not read proposals before a procedure is opened (CRPA L311-2).
    .bind(filter.scope.legal_entities())
    .bind(&filter.region)
    .bind(filter.contract.map(|id| id.0))
    .bind(after.map(|(at, _)| at))
    .bind(after.map(|(_, id)| id))
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.iter().map(recorded).collect()
}
