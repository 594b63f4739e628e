//! Lists of amendments: of a contract, and of all that somebody sees.

use sqlx::{AssertSqlSafe, PgConnection};
use store::Error;

use super::{After, Scope, amendment::SELECT, amendment_rows::complete};
use crate::domain::{Amendment, ContractId};

/// Of which contracts, in a list.
#[derive(Debug, Clone)]
pub enum Of {
    Contract(ContractId),
    /// Of whoever sees their contracts, and of whoever joins one by them.
    Scope(Scope),
}

/// Those that wait for somebody, as the index of these says it.
const OPEN: &str = "amendment.state in ('PROPOSED', 'NEGOTIATION', 'CONSULTATION', 'READY_TO_SIGN', 'PARTIALLY_SIGNED')";

/// At most `limit` amendments, oldest first; `open` keeps those that wait for somebody.
pub async fn list(
    connection: &mut PgConnection,
    (of, open): (&Of, bool),
    after: After,
    limit: i64,
) -> Result<Vec<Amendment>, Error> {
    let is_open = if open { OPEN } else { "true" };
    let rest = format!(
        "and {is_open}
         and ($1::timestamptz is null or (amendment.created_at, amendment.id) > ($1, $2))
         order by amendment.created_at, amendment.id
         limit $3"
    );
    let (at, id) = after.unzip();
    let rows = match of {
        Of::Contract(contract) => {
            sqlx::query(AssertSqlSafe(format!(
                "{SELECT} where amendment.contract_id = $4 {rest}"
            )))
            .bind(at)
            .bind(id)
            .bind(limit)
            .bind(contract.0)
            .fetch_all(&mut *connection)
            .await?
        }
        Of::Scope(scope) => {
            sqlx::query(AssertSqlSafe(format!(
                "{SELECT}
                 where ($4::text[] is null or amendment.region = any($4))
                     and ($5::text[] is null or amendment.changes -> 'add_legal_entities' ?| $5 or exists (
                         select from contract_party as party
                         where party.contract_id = amendment.contract_id and party.legal_entity = any($5)
                     ))
                     and ($6::text[] is null or amendment.changes -> 'add_departmental_councils' ?| $6 or exists (
                         select from contract_council as council
                         where council.contract_id = amendment.contract_id and council.department = any($6)
                     ))
                     {rest}"
            )))
            .bind(at)
            .bind(id)
            .bind(limit)
            .bind(scope.regions().filter(|_| scope.departments().is_none()))
            .bind(scope.legal_entities())
            .bind(scope.departments())
            .fetch_all(&mut *connection)
            .await?
        }
    };
    complete(connection, &rows).await
}
