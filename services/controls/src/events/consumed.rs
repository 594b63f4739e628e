//! What other services publish, and the copy it leads to.

use ::store::Unit;
use bus::{Consumer, Envelope, Failure, Handler};
use proto::{contracts::v1 as contracts, targets::v1 as targets, types::v1 as types};
use serde_json::Value;
use time::{
    Date, OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description,
};

use crate::{
    app::list_late,
    domain::{
        ContractId, Quantity, TargetSetId,
        campaign::LateReason,
        objective::{Objective, Target, Unit as Counted, YearlyTarget},
        outcome::Step,
    },
    store::{
        contract_copy::{self, ContractCopy, Parties},
        control,
        follow_up::{self, FollowUp},
        target_set_copy::{self, TargetSetCopy},
    },
};

/// Contracts, as their owner tells them.
pub const CONTRACTS: Consumer = Consumer {
    name: "controls-contract",
    source: "contracts",
    kind: "contract",
};

/// Amendments, which may move the last day of their contract.
pub const AMENDMENTS: Consumer = Consumer {
    name: "controls-amendment",
    source: "contracts",
    kind: "amendment",
};

/// Target sets, as their owner tells them.
pub const TARGET_SETS: Consumer = Consumer {
    name: "controls-target-set",
    source: "targets",
    kind: "target_set",
};

/// Reviews, for what became of findings.
pub const REVIEWS: Consumer = Consumer {
    name: "controls-review",
    source: "contracts",
    kind: "review",
};

/// What people decide after reviews.
pub const DECISIONS: Consumer = Consumer {
    name: "controls-decision",
    source: "contracts",
    kind: "procedure",
};

/// What cannot be read is parked for a person.
fn reject(error: impl std::fmt::Display) -> Failure {
    Failure::Reject(error.to_string())
}

fn date(text: &str) -> Result<Date, Failure> {
    Date::parse(text, format_description!("[year]-[month]-[day]"))
        .map_err(|error| reject(format!("{text:?} is not a date: {error}")))
}

/// When the owner of an event recorded it.
fn instant(event: &Envelope) -> Result<OffsetDateTime, Failure> {
    OffsetDateTime::parse(&event.time, &Rfc3339).map_err(reject)
}

/// Keeps the copy of the contracts.
#[derive(Debug, Clone, Copy)]
pub struct ContractCopier;

impl Handler for ContractCopier {
    async fn handle(&self, unit: &mut Unit, event: &Envelope) -> Result<(), Failure> {
        if let Some((id, parties)) = parties(event)? {
            // An amendment and its contract come on ways of their own.
            if contract_copy::term(unit.connection(), id).await?.is_none() {
                return Err(Failure::Retry(format!("{id} is not known here yet")));
            }
            contract_copy::change_parties(unit.connection(), id, &parties).await?;
        }
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
                legal_entities: numbers(&told.legal_entities),
                establishments: numbers(&told.establishments),
                effect_date: date(&told.effect_date)?,
                end_date: date(&told.end_date)?,
                target_set,
                told_at: instant(event)?,
            };
            let known = contract_copy::term(unit.connection(), id).await?;
            let reason = match known {
                None => LateReason::KnownAfterFreeze,
                Some(_) => LateReason::TermChanged,
            };
            contract_copy::put_in_force(unit.connection(), &copy).await?;
            let term = (copy.effect_date, copy.end_date);
            list_late::run(unit, (id, copy.region), term, reason).await?;
        } else if let Some(last_day) = last_day(event)? {
            let named = event.data.get("contract").and_then(Value::as_str);
            let id: ContractId = named.unwrap_or(&event.aggregate).parse().map_err(reject)?;
            let told = (last_day, instant(event)?);
            let moved = contract_copy::move_last_day(unit.connection(), id, told).await?;
            // An amendment and its contract come on ways of their own.
            let (region, term) =
                moved.ok_or_else(|| Failure::Retry(format!("{id} is not known here yet")))?;
            list_late::run(unit, (id, region), term, LateReason::TermChanged).await?;
        } else if event.is::<contracts::ContractExpired>() {
            let id: ContractId = event.aggregate.parse().map_err(reject)?;
            contract_copy::expire(unit.connection(), id).await?;
        }
        Ok(())
    }
}

/// The contract that an amendment changes and its parties from then on. One without a legal entity was told before
/// amendments said who is party.
fn parties(event: &Envelope) -> Result<Option<(ContractId, Parties)>, Failure> {
    if !event.is::<contracts::AmendmentInEffect>() {
        return Ok(None);
    }
    let told: contracts::AmendmentInEffect = event.decode()?;
    if told.legal_entities.is_empty() {
        return Ok(None);
    }
    let parties = Parties {
        legal_entities: numbers(&told.legal_entities),
        establishments: numbers(&told.establishments),
        since: date(&told.effect_date)?,
        amendment: told.number,
    };
    Ok(Some((told.contract.parse().map_err(reject)?, parties)))
}

/// The numbers in `legalEntities/{finess}` or `establishments/{finess}`, as callers have them.
fn numbers(names: &[String]) -> Vec<String> {
    let number = |name: &String| name.rsplit('/').next().unwrap_or(name).to_owned();
    names.iter().map(number).collect()
}

/// Types of events that move the last day of a contract, with the field that tells it.
pub const LAST_DAYS: [(&str, &str); 3] = [
    ("cpom.contracts.v1.TermExtended", "lastDay"),
    ("cpom.contracts.v1.AmendmentInEffect", "endDate"),
    ("cpom.contracts.v1.ContractTerminated", "lastDay"),
];

/// The last day of its contract that an event tells, if it tells one.
fn last_day(event: &Envelope) -> Result<Option<Date>, Failure> {
    let moving = LAST_DAYS
        .iter()
        .find(|(moves, _)| *moves == event.event_type);
    let told = moving
        .and_then(|(_, field)| event.data.get(field))
        .and_then(Value::as_str);
    told.filter(|text| !text.is_empty()).map(date).transpose()
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
            let version = (copy.id, copy.version);
            control::give_targets(unit.connection(), copy.contract, version).await?;
        } else if event.is::<targets::TargetSetEnded>() {
            let id: TargetSetId = event.aggregate.parse().map_err(reject)?;
            target_set_copy::end(unit.connection(), id).await?;
        }
        Ok(())
    }
}

/// Notes what became of findings: every event of a review, or of what followed one, by its name.
#[derive(Debug, Clone, Copy)]
pub struct FollowUps;

impl Handler for FollowUps {
    async fn handle(&self, unit: &mut Unit, event: &Envelope) -> Result<(), Failure> {
        let at = instant(event)?;
        let ground = event.data.get("ground").unwrap_or(&event.data);
        let text = |field: &str| ground.get(field).and_then(Value::as_str);
        let is_review = event.aggregate.starts_with("reviews/");
        let review = if is_review {
            Some(event.aggregate.as_str())
        } else {
            text("review")
        };
        let follow_up = FollowUp {
            event: event.id,
            version: event.version,
            review: review.map(str::to_owned),
            contract: text("contract")
                .map(str::parse)
                .transpose()
                .map_err(reject)?,
            campaign: text("campaign")
                .map(str::parse)
                .transpose()
                .map_err(reject)?,
            step: Step {
                at,
                resource: event.aggregate.clone(),
                event: event.event_type.clone(),
                actor: event.actor.clone(),
                outcome: outcome(&event.data).to_owned(),
            },
        };
        follow_up::insert(unit.connection(), &follow_up).await?;
        Ok(())
    }
}

/// What the event says was concluded or decided: its own outcome, that of the appeal it is about, or the kind of
/// decision.
fn outcome(data: &Value) -> &str {
    let decided = data.get("decision").and(data.get("kind"));
    let of_appeal = data.get("appeal").and_then(|appeal| appeal.get("outcome"));
    data.get("outcome")
        .or(of_appeal)
        .or(decided)
        .and_then(Value::as_str)
        .unwrap_or_default()
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
