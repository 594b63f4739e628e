//! Table `contract_copy`: written by the consumer of contract events, read to list a population.

use ::store::Error;
use kernel::Region;
use sqlx::{PgConnection, PgPool, Row as _, postgres::PgRow};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::inconsistent;
use crate::domain::{ContractId, TargetSetId};

/// What is kept of a contract that took effect.
#[derive(Debug, Clone)]
pub struct ContractCopy {
    pub id: ContractId,
    pub region: Region,
    pub legal_entities: Vec<String>,
    pub establishments: Vec<String>,
    pub effect_date: Date,
    pub end_date: Date,
    pub target_set: Option<TargetSetId>,
    /// When its owner told so.
    pub told_at: OffsetDateTime,
}

/// Who is party to a contract and which sites it covers, from the first day of an amendment on.
#[derive(Debug, Clone)]
pub struct Parties {
    pub legal_entities: Vec<String>,
    pub establishments: Vec<String>,
    pub since: Date,
    /// Number of the amendment in its contract.
    pub amendment: i32,
}

/// Records who is party. Amendments come on ways of their own: the last to take effect tells it, whichever comes last.
pub async fn change_parties(
    connection: &mut PgConnection,
    id: ContractId,
    parties: &Parties,
) -> Result<(), Error> {
    sqlx::query(
        "update contract_copy
         set legal_entities = $2, establishments = $3, parties_day = $4, parties_number = $5
         where id = $1 and (parties_day is null or (parties_day, parties_number) <= ($4, $5))",
    )
    .bind(id.0)
    .bind(&parties.legal_entities)
    .bind(&parties.establishments)
    .bind(parties.since)
    .bind(parties.amendment)
    .execute(connection)
    .await?;
    Ok(())
}

/// Records that the contract is in force. What was told later of its parties or its last day stays.
pub async fn put_in_force(connection: &mut PgConnection, copy: &ContractCopy) -> Result<(), Error> {
    sqlx::query(
        "insert into contract_copy (
             id,
             region,
             state,
             legal_entities,
             establishments,
             effect_date,
             end_date,
             target_set_id,
             term_at
         ) values ($1, $2, 'in_force', $3, $4, $5, $6, $7, $8)
         on conflict (id) do update set
             state = excluded.state,
             legal_entities = case
                 when contract_copy.parties_day is null then excluded.legal_entities
                 else contract_copy.legal_entities
             end,
             establishments = case
                 when contract_copy.parties_day is null then excluded.establishments
                 else contract_copy.establishments
             end,
             effect_date = excluded.effect_date,
             end_date = case
                 when contract_copy.term_at is null or contract_copy.term_at <= excluded.term_at
                 then excluded.end_date
                 else greatest(excluded.effect_date, contract_copy.end_date)
             end,
             target_set_id = excluded.target_set_id,
             term_at = greatest(contract_copy.term_at, excluded.term_at)",
    )
    .bind(copy.id.0)
    .bind(copy.region.code())
    .bind(&copy.legal_entities)
    .bind(&copy.establishments)
    .bind(copy.effect_date)
    .bind(copy.end_date)
    .bind(copy.target_set.map(|id| id.0))
    .bind(copy.told_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Moves the last day of a contract, unless its owner has told another one since, and tells its term as it is then; None
/// when the contract is not known.
pub async fn move_last_day(
    connection: &mut PgConnection,
    id: ContractId,
    (last_day, told_at): (Date, OffsetDateTime),
) -> Result<Option<(Region, (Date, Date))>, Error> {
    let row = sqlx::query(
        "update contract_copy
         set
             end_date = case
                 when term_at is null or term_at <= $3 then greatest(effect_date, $2)
                 else end_date
             end,
             term_at = greatest(term_at, $3)
         where id = $1
         returning region, effect_date, end_date",
    )
    .bind(id.0)
    .bind(last_day)
    .bind(told_at)
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let region = row.get::<&str, _>("region").parse();
        let term = (row.get("effect_date"), row.get("end_date"));
        Ok((region.map_err(inconsistent)?, term))
    })
    .transpose()
}

/// Records that the last day has passed. The term stays: the contract was in force until then.
pub async fn expire(connection: &mut PgConnection, id: ContractId) -> Result<(), Error> {
    sqlx::query("update contract_copy set state = 'expired' where id = $1")
        .bind(id.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// A contract to be controlled, with the version of the targets it will be compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    pub contract: ContractId,
    pub target_set: Option<(TargetSetId, i64)>,
}

/// The contracts of a region in force on at least one of these days, whatever their size or results: the
/// control is systematic (circulaire DGOS/R5/2011/74, level 5). Each with the last of its target sets that is in
/// effect on one of these days, or its last one when none is: as the targets service chooses. And how many of them
/// have a target set that has not been copied yet, told by the same look: between two, a copy may arrive.
pub async fn in_force_between(
    connection: &mut PgConnection,
    region: Region,
    (first, last): (Date, Date),
) -> Result<(Vec<Listed>, u64), Error> {
    let rows = sqlx::query(
        "select distinct on (contract_copy.id)
             contract_copy.id,
             target_set_copy.id as target_set_id,
             target_set_copy.version,
             contract_copy.target_set_id is not null and not exists (
                 select from target_set_copy as copied where copied.id = contract_copy.target_set_id
             ) as is_behind
         from contract_copy
         left join target_set_copy on target_set_copy.contract_id = contract_copy.id
         where contract_copy.region = $1 and contract_copy.effect_date <= $3 and contract_copy.end_date >= $2
         order by
             contract_copy.id,
             (target_set_copy.effect_date <= $3 and target_set_copy.end_date >= $2) desc nulls last,
             target_set_copy.effect_date desc",
    )
    .bind(region.code())
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await?;
    let behind = rows.iter().filter(|row| row.get("is_behind")).count();
    Ok((rows.iter().map(listed).collect(), behind as u64))
}

/// The same for one contract.
pub async fn listed_of(
    connection: &mut PgConnection,
    id: ContractId,
    (first, last): (Date, Date),
) -> Result<Option<Listed>, Error> {
    let row = sqlx::query(
        "select contract_copy.id, target_set_copy.id as target_set_id, target_set_copy.version
         from contract_copy
         left join target_set_copy on target_set_copy.contract_id = contract_copy.id
         where contract_copy.id = $1
         order by
             (target_set_copy.effect_date <= $3 and target_set_copy.end_date >= $2) desc nulls last,
             target_set_copy.effect_date desc
         limit 1",
    )
    .bind(id.0)
    .bind(first)
    .bind(last)
    .fetch_optional(connection)
    .await?;
    Ok(row.as_ref().map(listed))
}

fn listed(row: &PgRow) -> Listed {
    let target_set: Option<Uuid> = row.get("target_set_id");
    let version: Option<i64> = row.get("version");
    Listed {
        contract: ContractId(row.get("id")),
        target_set: target_set.map(TargetSetId).zip(version),
    }
}

/// The term that is known of a contract, before it is written anew.
pub async fn term(
    connection: &mut PgConnection,
    id: ContractId,
) -> Result<Option<(Date, Date)>, Error> {
    let row = sqlx::query("select effect_date, end_date from contract_copy where id = $1")
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|row| (row.get("effect_date"), row.get("end_date"))))
}

/// How many of these contracts are not in the copy.
pub async fn count_unknown(pool: &PgPool, contracts: &[ContractId]) -> Result<u64, Error> {
    let ids: Vec<Uuid> = contracts.iter().map(|id| id.0).collect();
    let row = sqlx::query(
        "select count(*) as unknown
         from unnest($1::uuid[]) as told (id)
         where not exists (select from contract_copy where contract_copy.id = told.id)",
    )
    .bind(&ids)
    .fetch_one(pool)
    .await?;
    Ok(row.get::<i64, _>("unknown").unsigned_abs())
}
