//! What other services publish, and the copy it leads to.

use ::store::Unit;
use bus::{Consumer, Envelope, Failure, Handler};
use proto::{contracts::v1 as contracts, targets::v1 as targets, types::v1 as types};
use time::{Date, macros::format_description};

use crate::{
    domain::{
        ContractId, Quantity, TargetSetId,
        objective::{Objective, Target, Unit as Counted, YearlyTarget},
    },
    store::{
        contract_copy::{self, ContractCopy},
        target_set_copy::{self, TargetSetCopy},
    },
};

/// Contracts, as their owner tells them.
pub const CONTRACTS: Consumer = Consumer {
    name: "controls-contract",
    source: "contracts",
    kind: "contract",
};

/// Target sets, as their owner tells them.
pub const TARGET_SETS: Consumer = Consumer {
    name: "controls-target-set",
    source: "targets",
    kind: "target_set",
};

/// What cannot be read is parked for a person.
fn reject(error: impl std::fmt::Display) -> Failure {
    Failure::Reject(error.to_string())
}

fn date(text: &str) -> Result<Date, Failure> {
    Date::parse(text, format_description!("[year]-[month]-[day]"))
        .map_err(|error| reject(format!("{text:?} is not a date: {error}")))
}

/// Keeps the copy of the contracts.
#[derive(Debug, Clone, Copy)]
pub struct ContractCopier;

impl Handler for ContractCopier {
    async fn handle(&self, unit: &mut Unit, event: &Envelope) -> Result<(), Failure> {
        if event.is::<contracts::ContractInForce>() {
            let id: ContractId = event.aggregate.parse().map_err(reject)?;
            let told: contracts::ContractInForce = event.decode()?;
            let target_set = match told.target_set.as_str() {
                "" => None,
                name => Some(name.parse().map_err(reject)?),
            };
            let copy = ContractCopy {
                id,
                region: told.region.parse().map_err(reject)?,
                legal_entities: told.legal_entities,
                establishments: told.establishments,
                effect_date: date(&told.effect_date)?,
                end_date: date(&told.end_date)?,
                target_set,
            };
            contract_copy::put_in_force(unit.connection(), &copy).await?;
        } else if event.is::<contracts::ContractExpired>() {
            let id: ContractId = event.aggregate.parse().map_err(reject)?;
            contract_copy::expire(unit.connection(), id).await?;
        }
        Ok(())
    }
}

/// Keeps the copy of the target sets in effect.
#[derive(Debug, Clone, Copy)]
pub struct TargetSetCopier;

impl Handler for TargetSetCopier {
    async fn handle(&self, unit: &mut Unit, event: &Envelope) -> Result<(), Failure> {
        if event.is::<targets::TargetSetInEffect>() {
            let id: TargetSetId = event.aggregate.parse().map_err(reject)?;
            let told: targets::TargetSetInEffect = event.decode()?;
            let copy = TargetSetCopy {
                id,
                version: event.version,
                region: told.region.parse().map_err(reject)?,
                contract: told.contract.parse().map_err(reject)?,
                effect_date: date(&told.effect_date)?,
                end_date: date(&told.end_date)?,
                objectives: told
                    .objectives
                    .into_iter()
                    .map(objective)
                    .collect::<Result<_, _>>()?,
            };
            target_set_copy::put_in_effect(unit.connection(), &copy).await?;
        } else if event.is::<targets::TargetSetEnded>() {
            let id: TargetSetId = event.aggregate.parse().map_err(reject)?;
            target_set_copy::end(unit.connection(), id).await?;
        }
        Ok(())
    }
}

fn objective(told: targets::Objective) -> Result<Objective, Failure> {
    let unit = unit(told.unit())?;
    let yearly = told
        .yearly
        .iter()
        .map(yearly_target)
        .collect::<Result<_, _>>()?;
    Ok(Objective {
        unit,
        yearly,
        id: told.id,
        title: told.title,
        subject: told.subject,
        indicator: told.indicator,
        opposable: told.opposable,
        penalty_eligible: told.penalty_eligible,
    })
}

fn yearly_target(told: &targets::YearlyTarget) -> Result<YearlyTarget, Failure> {
    let quantity = |text: &str| text.parse::<Quantity>().map_err(reject);
    let target = match &told.band {
        None => Target::Point(quantity(&told.point)?),
        Some(band) => {
            let (min, max) = (quantity(&band.min)?, quantity(&band.max)?);
            if max < min {
                return Err(reject(format!("{min} to {max} is no band")));
            }
            Target::Band { min, max }
        }
    };
    Ok(YearlyTarget {
        year: told.year,
        target,
    })
}

fn unit(unit: types::Unit) -> Result<Counted, Failure> {
    Ok(match unit {
        types::Unit::Stays => Counted::Stays,
        types::Unit::Sessions => Counted::Sessions,
        types::Unit::Days => Counted::Days,
        types::Unit::Patients => Counted::Patients,
        types::Unit::Acts => Counted::Acts,
        types::Unit::Places => Counted::Places,
        types::Unit::Sites => Counted::Sites,
        types::Unit::Devices => Counted::Devices,
        types::Unit::Percent => Counted::Percent,
        types::Unit::Minutes => Counted::Minutes,
        types::Unit::Unspecified => return Err(reject("an objective has no unit")),
    })
}
