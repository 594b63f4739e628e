//! The targets follow their contract: they take effect with it and end with it.

use bus::Failure;
use kernel::{Department, Finess, Region};
use store::Unit;
use time::Date;

use super::target_sets;
use crate::{
    domain::{Amended, Command, Contract, ContractId, ContractState, State, TargetSetId, Term},
    store::{
        contract_copy,
        target_set::{self, Dated},
    },
};

/// What happened to a contract, as far as its targets are concerned.
#[derive(Debug)]
pub(crate) enum Change {
    Drafted {
        region: Region,
        legal_entities: Vec<Finess>,
        establishments: Vec<Finess>,
        councils: Vec<Department>,
        term: Term,
    },
    Proposed {
        legal_entities: Vec<Finess>,
        establishments: Vec<Finess>,
        councils: Vec<Department>,
        term: Term,
    },
    Frozen,
    /// A party withdrew from the signature (C7): the targets may change again.
    Reopened,
    InForce {
        legal_entities: Vec<Finess>,
        establishments: Vec<Finess>,
        councils: Vec<Department>,
        term: Term,
        target_set: TargetSetId,
    },
    /// The last day is another one.
    TermMoved {
        last_day: Date,
    },
    /// The last day has passed, whether another contract follows or not.
    Expired,
    /// It ends on this day by a decision of the director general.
    Terminated {
        last_day: Date,
    },
    Abandoned,
}

/// Applies one change to the copy and to the target set, in the consumer's transaction.
///
/// # Errors
/// [`Failure::Reject`] when the targets cannot follow: a person has to look at it.
pub(crate) async fn run(unit: &mut Unit, id: ContractId, change: Change) -> Result<(), Failure> {
    // The sets' rows are locked before the copy is read or written, here and in every command, so that nobody
    // agrees to a set while its contract is being frozen.
    let living = target_set::lock_living(unit.connection(), id).await?;
    let known = contract_copy::find(unit.connection(), id).await?;
    let (contract, command) = match change {
        Change::Drafted {
            region,
            legal_entities,
            establishments,
            councils,
            term,
        } => {
            let state = ContractState::Open;
            (
                Contract {
                    id,
                    region,
                    state,
                    legal_entities,
                    establishments,
                    councils,
                    term,
                    amended: Amended::default(),
                },
                None,
            )
        }
        Change::Proposed {
            legal_entities,
            establishments,
            councils,
            term,
        } => (
            Contract {
                legal_entities,
                establishments,
                councils,
                term,
                ..drafted(id, known)?
            },
            None,
        ),
        Change::Frozen => (
            Contract {
                state: ContractState::Frozen,
                ..drafted(id, known)?
            },
            None,
        ),
        Change::Reopened => (
            Contract {
                state: ContractState::Open,
                ..drafted(id, known)?
            },
            None,
        ),
        Change::InForce {
            legal_entities,
            establishments,
            councils,
            term,
            target_set,
        } => {
            if living.first().is_none_or(|set| set.set.id != target_set) {
                let why = format!("{target_set} was signed and is not the target set of {id}");
                return Err(Failure::Reject(why));
            }
            let state = ContractState::InForce;
            let known = drafted(id, known)?;
            let contract = Contract {
                state,
                legal_entities,
                establishments,
                // What took effect before councils were told of says nothing of them.
                councils: if councils.is_empty() {
                    known.councils.clone()
                } else {
                    councils
                },
                term,
                ..known
            };
            (contract, Some(Command::TakeEffect(term)))
        }
        Change::TermMoved { last_day } => (ending(drafted(id, known)?, last_day), None),
        Change::Terminated { last_day } => (
            Contract {
                state: ContractState::Expired,
                ..ending(drafted(id, known)?, last_day)
            },
            Some(Command::EndOn(last_day)),
        ),
        Change::Expired => (
            Contract {
                state: ContractState::Expired,
                ..drafted(id, known)?
            },
            Some(Command::End),
        ),
        Change::Abandoned => (
            Contract {
                state: ContractState::Abandoned,
                ..drafted(id, known)?
            },
            Some(Command::End),
        ),
    };
    contract_copy::save(unit.connection(), &contract).await?;
    let Some(command) = command else {
        return Ok(());
    };
    for set in living {
        let command = match (&command, set.set.state) {
            (Command::EndOn(_), State::Draft { .. } | State::Agreed) => Command::End,
            (command, _) => command.clone(),
        };
        follow(unit, set, command).await?;
    }
    Ok(())
}

/// What the life of the contract asks of one of its sets.
pub(super) async fn follow(
    unit: &mut Unit,
    set: Dated,
    command: Command<'_>,
) -> Result<(), Failure> {
    let events = set
        .set
        .decide(command)
        .map_err(|refusal| Failure::Reject(refusal.to_string()))?;
    target_sets::apply(unit, set, &events).await?;
    Ok(())
}

/// The contract with another last day. A term has at least one day.
fn ending(contract: Contract, last_day: Date) -> Contract {
    let term = Term {
        end_date: last_day.max(contract.term.effect_date),
        ..contract.term
    };
    Contract { term, ..contract }
}

fn drafted(id: ContractId, known: Option<Contract>) -> Result<Contract, Failure> {
    known.ok_or_else(|| Failure::Reject(format!("{id} was never drafted")))
}
