//! The targets of an amendment follow it: they stand still with its document, take effect on its day in the place of
//! those before, or go with it.
//!
//! An amendment and its contract are told on ways of their own, so an amendment may be ahead of what is known of its
//! contract: it waits.

use bus::Failure;
use kernel::{Department, Finess};
use store::Unit;

use super::follow_contract::follow;
use crate::{
    domain::{AmendmentId, Command, ContractId, ContractState, State, Term},
    store::{contract_copy, target_set},
};

/// What became of an amendment, as far as targets are concerned.
#[derive(Debug)]
pub(crate) enum Step {
    /// Its document waits for signatures.
    Frozen,
    /// A party withdrew from the signature: the targets may change again.
    Reopened,
    /// Refused, or withdrawn by who proposed it.
    GivenUp,
    /// Its day has come. The dates are the day of effect and the last day of the contract.
    InEffect {
        number: i32,
        establishments: Vec<Finess>,
        /// Who is party from that day on; none when the event does not say.
        members: Option<Members>,
        term: Term,
    },
}

/// The parties to a contract.
#[derive(Debug)]
pub(crate) struct Members {
    pub(crate) legal_entities: Vec<Finess>,
    pub(crate) councils: Vec<Department>,
}

/// Applies one step to the copy of the contract and to its target sets, in the consumer’s transaction.
///
/// # Errors
/// [`Failure::Retry`] while the contract is not known or not in force here, [`Failure::Reject`] when the targets cannot
/// follow: a person has to look at it.
pub(crate) async fn run(
    unit: &mut Unit,
    id: ContractId,
    amendment: AmendmentId,
    step: Step,
) -> Result<(), Failure> {
    // The sets’ rows first, then the copy: as every command does.
    let living = target_set::lock_living(unit.connection(), id).await?;
    let contract = contract_copy::find(unit.connection(), id)
        .await?
        .ok_or_else(|| Failure::Retry(format!("{id} is not known here yet")))?;
    let is_in_preparation = matches!(contract.state, ContractState::Open | ContractState::Frozen);
    let is_own = |carried: Option<AmendmentId>| carried == Some(amendment);
    match step {
        Step::Frozen => {
            let contract = contract.with_frozen(amendment);
            contract_copy::save(unit.connection(), &contract).await?;
        }
        Step::Reopened => {
            let contract = contract.without_frozen(amendment);
            contract_copy::save(unit.connection(), &contract).await?;
        }
        Step::GivenUp => {
            let contract = contract.without_frozen(amendment);
            contract_copy::save(unit.connection(), &contract).await?;
            for set in living {
                if is_own(set.set.carrier.amendment) {
                    follow(unit, set, Command::End).await?;
                }
            }
        }
        Step::InEffect { .. } if is_in_preparation => {
            return Err(Failure::Retry(format!("{id} is not in force here yet")));
        }
        Step::InEffect {
            number,
            establishments,
            members,
            term,
        } => {
            let of = (term.effect_date, number);
            let contract = contract.without_frozen(amendment);
            // Before the perimeter, which says that the contract is as this amendment makes it.
            let contract = match members {
                Some(members) => {
                    contract.with_members(of, members.legal_entities, members.councils)
                }
                None => contract,
            };
            let contract = contract.with_perimeter(of, establishments);
            contract_copy::save(unit.connection(), &contract).await?;
            if target_set::ended_unused(unit.connection(), amendment).await? {
                let why = format!("the targets of {amendment} ended before they took effect");
                return Err(Failure::Reject(why));
            }
            let has_targets = living.iter().any(|set| is_own(set.set.carrier.amendment));
            let day_before = term.effect_date.previous_day();
            let (Some(day_before), true) = (day_before, has_targets) else {
                // The amendment leaves the targets as they are.
                return Ok(());
            };
            // In the order of the sets: one ends before the next begins.
            for set in living {
                match (is_own(set.set.carrier.amendment), set.set.state) {
                    (true, _) => follow(unit, set, Command::TakeEffect(term)).await?,
                    (false, State::InEffect(_)) => {
                        follow(unit, set, Command::EndOn(day_before)).await?;
                    }
                    // What is prepared for another amendment goes on.
                    (false, State::Draft { .. } | State::Agreed | State::Ended { .. }) => {}
                }
            }
        }
    }
    Ok(())
}
