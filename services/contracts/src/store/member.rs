//! Table `contract_member_move`: who joins and leaves a contract by its signed amendments.

use sqlx::{PgConnection, Row as _, postgres::PgRow};
use store::Error;
use time::Date;

use super::parsed;
use crate::domain::{Amendment, amendment::Mover, contract::MemberMove, signature::Party};

/// The moves of a contract, in the order in which they take effect, from the columns of a query on `contract`.
pub(super) fn moves(row: &PgRow) -> Result<Vec<MemberMove>, Error> {
    let parties: Vec<String> = row.get::<Option<_>, _>("move_parties").unwrap_or_default();
    let joins: Vec<bool> = row.get::<Option<_>, _>("move_joins").unwrap_or_default();
    let supports: Vec<bool> = row.get::<Option<_>, _>("move_supports").unwrap_or_default();
    let days: Vec<Date> = row.get::<Option<_>, _>("move_days").unwrap_or_default();
    let in_effect: Vec<bool> = row
        .get::<Option<_>, _>("move_in_effect")
        .unwrap_or_default();
    let kinds = joins.into_iter().zip(supports);
    let facts = kinds.zip(days.into_iter().zip(in_effect));
    parties
        .iter()
        .zip(facts)
        .map(|(party, ((joins, supports), (effect_date, in_effect)))| {
            Ok(MemberMove {
                party: parsed("party", party)?,
                joins,
                supports,
                effect_date,
                in_effect,
            })
        })
        .collect()
}

/// Writes who will join, leave and speak for the group by an amendment that everybody has signed.
pub(super) async fn insert(connection: &mut PgConnection, signed: &Amendment) -> Result<(), Error> {
    let number = signed.state.frozen().map_or(0, |frozen| frozen.number);
    for mover in signed.changes.movers() {
        sqlx::query(
            "insert into contract_member_move (
                 amendment_id,
                 contract_id,
                 number,
                 party,
                 joins,
                 supports,
                 effect_date
             )
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(signed.id.0)
        .bind(signed.contract.0)
        .bind(number)
        .bind(mover.party.to_string())
        .bind(mover.joins)
        .bind(mover.supports)
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
    let movers = amendment.changes.movers();
    if movers.is_empty() {
        return Ok(());
    }
    sqlx::query("update contract_member_move set in_effect = true where amendment_id = $1")
        .bind(amendment.id.0)
        .execute(&mut *connection)
        .await?;
    for Mover { party, joins, .. } in movers {
        let (code, comes, goes) = match party {
            Party::LegalEntity(entity) => (entity.to_string(), PARTY_COMES, PARTY_GOES),
            Party::Department(council) => (council.to_string(), COUNCIL_COMES, COUNCIL_GOES),
            Party::Ars | Party::Associated(_) => continue,
        };
        sqlx::query(if joins { comes } else { goes })
            .bind(amendment.contract.0)
            .bind(code)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

const PARTY_COMES: &str = "
    insert into contract_party (contract_id, legal_entity) values ($1, $2) on conflict do nothing";
const PARTY_GOES: &str = "
    delete from contract_party where contract_id = $1 and legal_entity = $2";
const COUNCIL_COMES: &str = "
    insert into contract_council (contract_id, department) values ($1, $2) on conflict do nothing";
const COUNCIL_GOES: &str = "
    delete from contract_council where contract_id = $1 and department = $2";
