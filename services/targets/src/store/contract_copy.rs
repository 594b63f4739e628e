//! This service's copy of the contracts.

use kernel::{Department, Finess, Region};
use sqlx::{PgConnection, PgPool, Row as _, postgres::PgRow};
use store::Error;
use time::Date;
use uuid::Uuid;

use super::{stored, unknown};
use crate::domain::{Amended, AmendmentId, Contract, ContractId, ContractState, Term};

/// What a contract is read from.
macro_rules! columns {
    () => {
        "id, region, state, legal_entities, establishments, councils, effect_date, end_date, frozen_amendments, amended_on, amendment_number"
    };
}

/// Finds a contract.
pub(crate) async fn find(
    connection: &mut PgConnection,
    id: ContractId,
) -> Result<Option<Contract>, Error> {
    let row = sqlx::query(concat!(
        "select ",
        columns!(),
        " from contract_copy
         where id = $1",
    ))
    .bind(id.0)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The contracts with this party or site.
pub(crate) async fn of_subject(pool: &PgPool, subject: Finess) -> Result<Vec<Contract>, Error> {
    let rows = sqlx::query(concat!(
        "select ",
        columns!(),
        " from contract_copy
         where legal_entities @> array[$1::text] or establishments @> array[$1::text]",
    ))
    .bind(subject.as_str())
    .fetch_all(pool)
    .await?;
    rows.iter().map(read).collect()
}

/// The contracts of a region that were not abandoned.
pub(crate) async fn of_region(pool: &PgPool, region: Region) -> Result<Vec<Contract>, Error> {
    let rows = sqlx::query(concat!(
        "select ",
        columns!(),
        " from contract_copy
         where region = $1 and state <> 'abandoned'",
    ))
    .bind(region.code())
    .fetch_all(pool)
    .await?;
    rows.iter().map(read).collect()
}

/// The sites of the contracts of a region that one of these councils signs.
pub(crate) async fn sites_of_councils(
    pool: &PgPool,
    region: Region,
    councils: &[String],
) -> Result<Vec<String>, Error> {
    Ok(sqlx::query_scalar(
        "select distinct site.finess
         from contract_copy
         cross join unnest(contract_copy.establishments) as site (finess)
         where contract_copy.region = $1 and contract_copy.councils && $2 and contract_copy.state <> 'abandoned'
         order by site.finess",
    )
    .bind(region.code())
    .bind(councils)
    .fetch_all(pool)
    .await?)
}

/// Writes a contract as it now is.
pub(crate) async fn save(connection: &mut PgConnection, contract: &Contract) -> Result<(), Error> {
    sqlx::query(concat!(
        "insert into contract_copy (",
        columns!(),
        ")
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (id) do update
         set
             state = excluded.state,
             legal_entities = excluded.legal_entities,
             establishments = excluded.establishments,
             councils = excluded.councils,
             effect_date = excluded.effect_date,
             end_date = excluded.end_date,
             frozen_amendments = excluded.frozen_amendments,
             amended_on = excluded.amended_on,
             amendment_number = excluded.amendment_number",
    ))
    .bind(contract.id.0)
    .bind(contract.region.code())
    .bind(contract.state.as_str())
    .bind(texts(&contract.legal_entities))
    .bind(texts(&contract.establishments))
    .bind(
        contract
            .councils
            .iter()
            .map(Department::code)
            .collect::<Vec<_>>(),
    )
    .bind(contract.term.effect_date)
    .bind(contract.term.end_date)
    .bind(
        contract
            .amended
            .frozen
            .iter()
            .map(|id| id.0)
            .collect::<Vec<Uuid>>(),
    )
    .bind(contract.amended.latest.map(|(day, _)| day))
    .bind(contract.amended.latest.map(|(_, number)| number))
    .execute(connection)
    .await?;
    Ok(())
}

fn texts(numbers: &[Finess]) -> Vec<&str> {
    numbers.iter().map(Finess::as_str).collect()
}

fn read(row: &PgRow) -> Result<Contract, Error> {
    let state: &str = row.get("state");
    Ok(Contract {
        id: ContractId(row.get("id")),
        region: stored(row.get("region"))?,
        state: ContractState::from_text(state).ok_or_else(|| unknown("contract state", state))?,
        legal_entities: numbers(row, "legal_entities")?,
        establishments: numbers(row, "establishments")?,
        councils: row
            .get::<Vec<String>, _>("councils")
            .iter()
            .map(|code| stored(code))
            .collect::<Result<_, _>>()?,
        term: Term {
            effect_date: row.get("effect_date"),
            end_date: row.get("end_date"),
        },
        amended: Amended {
            frozen: row
                .get::<Vec<Uuid>, _>("frozen_amendments")
                .into_iter()
                .map(AmendmentId)
                .collect(),
            latest: row
                .get::<Option<Date>, _>("amended_on")
                .zip(row.get("amendment_number")),
        },
    })
}

fn numbers(row: &PgRow, column: &str) -> Result<Vec<Finess>, Error> {
    row.get::<Vec<String>, _>(column)
        .iter()
        .map(|number| stored(number))
        .collect()
}
