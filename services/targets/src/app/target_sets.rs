//! What the use cases of target sets share.

use rpc::{Call, Caller, Error};
use sqlx::PgConnection;
use store::Unit;

use crate::{
    domain::{Contract, ContractId, Event, Refusal, TargetSet, TargetSetId},
    events::published,
    grpc::objectives,
    store::{
        contract_copy,
        target_set::{self, Dated},
    },
};

/// Writes what happened to a set: its row and one fact for each event.
pub(crate) async fn apply(
    unit: &mut Unit,
    before: Dated,
    events: &[Event],
) -> Result<Dated, store::Error> {
    if events.is_empty() {
        return Ok(before);
    }
    let now = unit.at();
    let mut facts = Vec::with_capacity(events.len());
    let mut set = before.set;
    for event in events {
        set = set.evolve(event);
        facts.push(published::target_set(&set, event)?);
    }
    target_set::update(unit.connection(), &set, now).await?;
    unit.append(facts).await?;
    Ok(Dated {
        set,
        created_at: before.created_at,
        updated_at: now,
    })
}

/// The contract of a command, when this service knows it and the caller may see it.
pub(crate) async fn contract_of(
    connection: &mut PgConnection,
    call: &Call,
    id: ContractId,
) -> Result<Contract, Error> {
    let contract = contract_copy::find(connection, id)
        .await?
        .ok_or(Refusal::ContractNotKnownYet(id))?;
    if !sees(call, &contract) {
        return Err(Error::NotFound(id.to_string()));
    }
    Ok(contract)
}

/// A set and its contract, locked for a command, when the caller may see them.
pub(crate) async fn lock(
    unit: &mut Unit,
    call: &Call,
    id: TargetSetId,
) -> Result<(Dated, Contract), Error> {
    let not_found = || Error::NotFound(id.to_string());
    let set = target_set::lock(unit.connection(), id)
        .await?
        .ok_or_else(not_found)?;
    let contract = contract_copy::find(unit.connection(), set.set.contract)
        .await?
        .filter(|contract| sees(call, contract))
        .ok_or_else(not_found)?;
    Ok((set, contract))
}

/// Agencies see the contracts of their regions, establishments those they are a party or a site of, departmental councils
/// those they sign (CASF L313-12 IV ter).
pub(crate) fn sees(call: &Call, contract: &Contract) -> bool {
    let caller = &call.caller;
    if caller.is_department() {
        let mut councils = contract.councils.iter();
        return councils.any(|council| caller.departments().contains(council));
    }
    let is_concerned = contract
        .subjects()
        .any(|subject| caller.represents(&subject));
    caller.sees(contract.region) && (!caller.is_establishment() || is_concerned)
}

/// Codes of the départements whose councils the caller acts for; none for who acts for no council.
pub(crate) fn councils(caller: &Caller) -> Option<Vec<String>> {
    let departments = caller.departments().iter();
    caller
        .is_department()
        .then(|| departments.map(ToString::to_string).collect())
}

/// The answer of every method of target sets.
pub(crate) fn reply(dated: &Dated) -> proto::targets::v1::TargetSet {
    objectives::write_set(&dated.set, dated.created_at, dated.updated_at)
}

/// A set that a command has just made.
pub(crate) fn new(set: TargetSet, now: time::OffsetDateTime) -> Dated {
    Dated {
        set,
        created_at: now,
        updated_at: now,
    }
}
