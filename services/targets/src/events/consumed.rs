//! The life of contracts, as far as their targets depend on it.

use std::str::FromStr;

use bus::{Consumer, Envelope, Failure, Handler};
use kernel::{Department, Finess};
use proto::contracts::v1 as contracts;
use store::Unit;
use time::Date;

use crate::{
    app::{
        follow_amendment::{self, Members, Step},
        follow_contract::{self, Change},
    },
    domain::{ContractId, Term},
    grpc::scalars,
    store::amendment_copy,
};

/// Reads the events of contracts.
pub(crate) const CONTRACTS: Consumer = Consumer {
    name: "targets-contract",
    source: "contracts",
    kind: "contract",
};

/// Reads the events of amendments.
pub(crate) const AMENDMENTS: Consumer = Consumer {
    name: "targets-amendment",
    source: "contracts",
    kind: "amendment",
};

/// Keeps the copy of each contract, and moves its target set with it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FollowContracts;

impl Handler for FollowContracts {
    async fn handle(&self, unit: &mut Unit, event: &Envelope) -> Result<(), Failure> {
        let id: ContractId = parse(&event.aggregate)?;
        match change(event)? {
            Some(change) => follow_contract::run(unit, id, change).await,
            None => Ok(()),
        }
    }
}

/// Lets the targets of an amendment stand still, take effect or go with it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FollowAmendments;

impl Handler for FollowAmendments {
    async fn handle(&self, unit: &mut Unit, event: &Envelope) -> Result<(), Failure> {
        let (contract, amendment) = (parse(&event.root)?, parse(&event.aggregate)?);
        amendment_copy::keep(unit.connection(), amendment, contract).await?;
        let Some(step) = step(event)? else {
            return Ok(());
        };
        follow_amendment::run(unit, contract, amendment, step).await
    }
}

/// What an event of an amendment means for its targets, if anything.
fn step(event: &Envelope) -> Result<Option<Step>, Failure> {
    if event.is::<contracts::AmendmentFrozen>() {
        return Ok(Some(Step::Frozen));
    }
    if event.is::<contracts::AmendmentSignatureWithdrawn>() {
        return Ok(Some(Step::Reopened));
    }
    if event.is::<contracts::AmendmentRejected>() || event.is::<contracts::AmendmentWithdrawn>() {
        return Ok(Some(Step::GivenUp));
    }
    if event.is::<contracts::AmendmentInEffect>() {
        let told: contracts::AmendmentInEffect = event.decode()?;
        return Ok(Some(Step::InEffect {
            number: told.number,
            establishments: ids(&told.establishments)?,
            members: members(&told)?,
            term: term(&told.effect_date, &told.end_date)?,
        }));
    }
    Ok(None)
}

/// What an event changes here, if anything.
fn change(event: &Envelope) -> Result<Option<Change>, Failure> {
    if event.is::<contracts::ContractDrafted>() {
        let drafted: contracts::ContractDrafted = event.decode()?;
        let councils = councils_of(drafted.text.as_ref())?;
        let (legal_entities, establishments, term) = text(drafted.text)?;
        let region = parse(&drafted.region)?;
        return Ok(Some(Change::Drafted {
            region,
            legal_entities,
            establishments,
            councils,
            term,
        }));
    }
    if event.is::<contracts::VersionProposed>() {
        let proposed: contracts::VersionProposed = event.decode()?;
        let councils = councils_of(proposed.text.as_ref())?;
        let (legal_entities, establishments, term) = text(proposed.text)?;
        return Ok(Some(Change::Proposed {
            legal_entities,
            establishments,
            councils,
            term,
        }));
    }
    if event.is::<contracts::ContractFrozen>() {
        return Ok(Some(Change::Frozen));
    }
    if event.is::<contracts::SignatureWithdrawn>() {
        return Ok(Some(Change::Reopened));
    }
    if event.is::<contracts::ContractInForce>() {
        let in_force: contracts::ContractInForce = event.decode()?;
        return Ok(Some(Change::InForce {
            legal_entities: ids(&in_force.legal_entities)?,
            establishments: ids(&in_force.establishments)?,
            councils: ids(&in_force.departmental_councils)?,
            term: term(&in_force.effect_date, &in_force.end_date)?,
            target_set: parse(&in_force.target_set)?,
        }));
    }
    if event.is::<contracts::TermExtended>() {
        let extended: contracts::TermExtended = event.decode()?;
        let last_day = day(&extended.last_day)?;
        return Ok(Some(Change::TermMoved { last_day }));
    }
    if event.is::<contracts::ContractTerminated>() {
        let terminated: contracts::ContractTerminated = event.decode()?;
        let last_day = day(&terminated.last_day)?;
        return Ok(Some(Change::Terminated { last_day }));
    }
    if event.is::<contracts::ContractExpired>() || event.is::<contracts::ContractRenewed>() {
        return Ok(Some(Change::Expired));
    }
    if event.is::<contracts::ContractAbandoned>() {
        return Ok(Some(Change::Abandoned));
    }
    Ok(None)
}

fn text(
    text: Option<contracts::ContractText>,
) -> Result<(Vec<Finess>, Vec<Finess>, Term), Failure> {
    let text = text.ok_or_else(|| Failure::Reject("the event has no text".to_owned()))?;
    let term = term(&text.effect_date, &text.end_date)?;
    Ok((ids(&text.legal_entities)?, ids(&text.establishments)?, term))
}

fn councils_of(text: Option<&contracts::ContractText>) -> Result<Vec<Department>, Failure> {
    let content = text.and_then(|text| text.content.as_ref());
    content.map_or(
        Ok(Vec::new()),
        |content| ids(&content.departmental_councils),
    )
}

fn day(text: &str) -> Result<Date, Failure> {
    scalars::date(text).ok_or_else(|| Failure::Reject(format!("{text:?} is not a day")))
}

fn term(effect_date: &str, end_date: &str) -> Result<Term, Failure> {
    Ok(Term {
        effect_date: day(effect_date)?,
        end_date: day(end_date)?,
    })
}

/// A contract has one legal entity at least: an event without one was told before events said who is party.
fn members(told: &contracts::AmendmentInEffect) -> Result<Option<Members>, Failure> {
    if told.legal_entities.is_empty() {
        return Ok(None);
    }
    Ok(Some(Members {
        legal_entities: ids(&told.legal_entities)?,
        councils: ids(&told.departmental_councils)?,
    }))
}

/// What stands last in names: the number of `legalEntities/{finess}`, the code of `departments/{code}`.
fn ids<T: FromStr>(names: &[String]) -> Result<Vec<T>, Failure>
where
    T::Err: std::fmt::Display,
{
    names
        .iter()
        .map(|name| parse(scalars::id_of(name)))
        .collect()
}

fn parse<T: FromStr>(text: &str) -> Result<T, Failure>
where
    T::Err: std::fmt::Display,
{
    text.parse()
        .map_err(|error: T::Err| Failure::Reject(format!("{text:?}: {error}")))
}
