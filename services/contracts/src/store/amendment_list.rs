//! Lists of amendments: of a contract, and of all that somebody sees.

use sqlx::{PgConnection, Postgres, QueryBuilder};
use store::{Error, restrict};

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

/// Who joins by an amendment, among these; and who is party to its contract, before these.
const JOINING_ENTITIES: &str = "amendment.changes -> 'add_legal_entities' ?| ";
const PARTY_ENTITIES: &str = "select from contract_party as party
    where party.contract_id = amendment.contract_id and party.legal_entity";
const JOINING_COUNCILS: &str = "amendment.changes -> 'add_departmental_councils' ?| ";
const PARTY_COUNCILS: &str = "select from contract_council as council
    where council.contract_id = amendment.contract_id and council.department";

/// At most `limit` amendments, oldest first; `open` keeps those that wait for somebody.
pub async fn list(
    connection: &mut PgConnection,
    (of, open): (&Of, bool),
    after: After,
    limit: i64,
) -> Result<Vec<Amendment>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    query.push(" where true");
    match of {
        Of::Contract(contract) => {
            restrict(&mut query, "amendment.contract_id = $1", Some(contract.0));
        }
        Of::Scope(Scope::Regions(regions)) => {
            let regions = regions.as_deref();
            restrict(&mut query, "amendment.region = any($1)", regions);
        }
        Of::Scope(Scope::LegalEntities(entities)) => {
            concerning(&mut query, (JOINING_ENTITIES, PARTY_ENTITIES), entities);
        }
        Of::Scope(Scope::Departments(councils)) => {
            concerning(&mut query, (JOINING_COUNCILS, PARTY_COUNCILS), councils);
        }
    }
    if open {
        query.push(" and ").push(OPEN);
    }
    store::after(&mut query, "amendment.created_at, amendment.id", after);
    query
        .push(" order by amendment.created_at, amendment.id limit ")
        .push(limit);
    let rows = query.build().fetch_all(&mut *connection).await?;
    complete(connection, &rows).await
}

/// Those of contracts that these are party to, or join by them.
fn concerning(
    query: &mut QueryBuilder<Postgres>,
    (joining, party): (&str, &str),
    codes: &[String],
) {
    query.push(" and (").push(joining).push_bind(codes);
    query.push(" or exists (").push(party).push(" = any(");
    query.push_bind(codes).push(")))");
}
