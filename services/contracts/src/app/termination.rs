//! What a procedure of termination does to its contract (C10, C12, C13), within the unit of work of the person's act.

use rpc::Error;
use store::Unit;
use time::Date;

use super::contract_act;
use crate::{
    domain::{Contract, ContractId, Person, ProcedureId, Refusal, contract::Event},
    store as rows,
};

/// C10: the formal notice before termination runs.
pub async fn give_notice(
    unit: &mut Unit,
    contract: ContractId,
    procedure: ProcedureId,
    by: &Person,
) -> Result<(), Error> {
    change(unit, contract, by, |contract| {
        contract.give_notice(procedure, by)
    })
    .await
}

/// C12: the procedure ended without termination.
pub async fn lift_notice(
    unit: &mut Unit,
    contract: ContractId,
    procedure: ProcedureId,
    by: &Person,
) -> Result<(), Error> {
    change(unit, contract, by, |contract| {
        contract.lift_notice(procedure, by)
    })
    .await
}

/// C13: the director general terminated the contract, with its last day.
pub async fn terminate(
    unit: &mut Unit,
    contract: ContractId,
    procedure: ProcedureId,
    last_day: Date,
    by: &Person,
) -> Result<(), Error> {
    change(unit, contract, by, |contract| {
        contract.terminate(procedure, last_day, by)
    })
    .await
}

async fn change(
    unit: &mut Unit,
    id: ContractId,
    by: &Person,
    decide: impl FnOnce(&Contract) -> Result<Event, Refusal>,
) -> Result<(), Error> {
    let contract = rows::contract::lock(unit.connection(), id)
        .await?
        .ok_or_else(|| Error::NotFound(id.to_string()))?;
    let event = decide(&contract)?;
    contract_act::apply(unit, contract, &[event], by.human().actor()).await?;
    Ok(())
}
