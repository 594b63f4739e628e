//! Table `site_copy`: written by the consumer of the registry, read to tell in which département a figure was realised.

use std::collections::{BTreeMap, BTreeSet};

use ::store::Error;
use kernel::Department;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::{ContractId, peers};

/// What is kept of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteCopy {
    pub finess: String,
    pub legal_entity: String,
    pub department: Option<Department>,
}

/// Records the present state of a site.
pub async fn put(connection: &mut PgConnection, site: &SiteCopy) -> Result<(), Error> {
    sqlx::query(
        "insert into site_copy (finess, legal_entity, department)
         values ($1, $2, $3)
         on conflict (finess) do update set
             legal_entity = excluded.legal_entity,
             department = excluded.department",
    )
    .bind(&site.finess)
    .bind(&site.legal_entity)
    .bind(site.department.as_ref().map(Department::code))
    .execute(connection)
    .await?;
    Ok(())
}

/// In which départements the sites of contracts are: those that a contract names, and where it names none, those of its
/// legal entities. Where the registry tells none of a site, its number does.
pub async fn departments_of(
    pool: &PgPool,
    contracts: &[ContractId],
) -> Result<BTreeMap<ContractId, BTreeSet<Department>>, Error> {
    let ids: Vec<Uuid> = contracts.iter().map(|id| id.0).collect();
    let rows: Vec<(Uuid, String, Option<String>)> = sqlx::query_as(
        "select distinct contract_copy.id, site.finess, site.department
         from contract_copy
         cross join lateral (
             select named.finess, site_copy.department
             from unnest(contract_copy.establishments) as named (finess)
             left join site_copy on site_copy.finess = named.finess
             union all
             select coalesce(site_copy.finess, entity.finess), site_copy.department
             from unnest(contract_copy.legal_entities) as entity (finess)
             left join site_copy on site_copy.legal_entity = entity.finess
             where cardinality(contract_copy.establishments) = 0
         ) as site
         where contract_copy.id = any($1)",
    )
    .bind(&ids)
    .fetch_all(pool)
    .await?;
    let mut found: BTreeMap<ContractId, BTreeSet<Department>> = BTreeMap::new();
    for (contract, finess, registered) in rows {
        let registered = registered.and_then(|code| code.parse().ok());
        if let Some(department) = registered.or_else(|| peers::department(&finess)) {
            let contract = ContractId(contract);
            found.entry(contract).or_default().insert(department);
        }
    }
    Ok(found)
}
