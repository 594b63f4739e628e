//! Table `contract_member_move`: who joins and leaves a contract by its signed amendments.

use sqlx::{PgConnection, Row as _, postgres::PgRow};
use store::Error;
use time::Date;

use super::parsed;
use crate::domain::{Amendment, ContractId, contract::MemberMove, signature::Party};

/// The moves of a contract, in the order in which they take effect, from the columns of a query on `contract`.
pub(super) fn moves(row: &PgRow) -> Result<Vec<MemberMove>, Error> {
    let parties: Vec<String> = row.get::<Option<_>, _>("move_parties").unwrap_or_default();
    let joins: Vec<bool> = row.get::<Option<_>, _>("move_joins").unwrap_or_default();
    let days: Vec<Date> = row.get::<Option<_>, _>("move_days").unwrap_or_default();
    let in_effect: Vec<bool> = row
        .get::<Option<_>, _>("move_in_effect")
        .unwrap_or_default();
    let facts = joins.into_iter().zip(days).zip(in_effect);
    parties
        .iter()
        .zip(facts)
        .map(|(party, ((joins, effect_date), in_effect))| {
            Ok(MemberMove {
                party: parsed("party", party)?,
                joins,
                effect_date,
                in_effect,
            })
        })
        .collect()
}

/// Writes who will join and leave by an amendment that everybody has signed.
pub(super) async fn insert(connection: &mut PgConnection, signed: &Amendment) -> Result<(), Error> {
    let number = signed.state.frozen().map_or(0, |frozen| frozen.number);
    for (party, joins) in signed.changes.movers() {
        sqlx::query(
            "insert into contract_member_move (
                 amendment_id,
                 contract_id,
                 number,
                 party,
                 joins,
                 effect_date
             )
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(signed.id.0)
        .bind(signed.contract.0)
        .bind(number)
        .bind(party.to_string())
        .bind(joins)
        .bind(signed.effect_date)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// The day of an amendment has come: who joins by it sees the contract, who leaves sees it no more.
pub(super) async fn take_effect(
    connection: &mut PgConnection,
    amendment: &Amendment,
) -> Result<(), Error> {
    if !amendment.changes.moves_members() {
        return Ok(());
    }
    sqlx::query("update contract_member_move set in_effect = true where amendment_id = $1")
        .bind(amendment.id.0)
        .execute(&mut *connection)
        .await?;
    for (party, joins) in amendment.changes.movers() {
        match party {
            Party::LegalEntity(entity) => {
                let row = (amendment.contract, entity.to_string());
                party_row(connection, joins, row).await?;
            }
            Party::Department(council) => {
                sqlx::query(
                    "insert into contract_council (contract_id, department) values ($1, $2)
                     on conflict do nothing",
                )
                .bind(amendment.contract.0)
                .bind(council.code())
                .execute(&mut *connection)
                .await?;
            }
            Party::Ars | Party::Associated(_) => {}
        }
    }
    Ok(())
}

async fn party_row(
    connection: &mut PgConnection,
    joins: bool,
    (contract, entity): (ContractId, String),
) -> Result<(), Error> {
    let statement = if joins {
        "insert into contract_party (contract_id, legal_entity) values ($1, $2) on conflict do nothing"
    } else {
        "delete from contract_party where contract_id = $1 and legal_entity = $2"
    };
    sqlx::query(statement)
        .bind(contract.0)
        .bind(entity)
        .execute(connection)
        .await?;
    Ok(())
}
