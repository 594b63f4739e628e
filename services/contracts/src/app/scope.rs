//! Who may see what: the agency by region, directors by legal entity, departmental councils by the contracts to which
//! they are a party.

use std::fmt::Display;

use kernel::{Department, Finess, Region, legal_time::legal_day};
use rpc::{Call, Error, etag};
use sqlx::PgConnection;
use store::Unit;

use crate::{
    domain::{
        Amendment, Contract, ContractId, ContractText, Mandate, Person, Side, person::role,
        signature::Party,
    },
    grpc::convert,
    store::{self as rows, Scope},
};

/// The person who acts, under the one role for which the call was allowed.
pub(crate) fn acting(call: &Call) -> Result<Person, Error> {
    let human = call.human()?;
    let role = human.role().to_owned();
    let entities = call.caller.finess().iter().copied();
    let councils = call.caller.departments().iter().copied();
    Ok(Person::new(human, [role], entities).for_councils(councils))
}

/// The person who looks, with every role of their token; none for a machine.
pub(crate) fn viewer(call: &Call) -> Option<Person> {
    let human = call.caller.actor.as_human()?;
    let roles = call.caller.roles().iter().cloned();
    let entities = call.caller.finess().iter().copied();
    let councils = call.caller.departments().iter().copied();
    Some(Person::new(human, roles, entities).for_councils(councils))
}

/// The mandates of a person who may sign without holding an office. For those who hold one, the token says it all,
/// and nothing is read.
pub(crate) async fn mandates(
    connection: &mut PgConnection,
    person: &Person,
    region: Region,
) -> Result<Vec<Mandate>, store::Error> {
    const DELEGATES: &[&str] = &[
        role::MANAGER,
        role::DEPARTMENT_PRESIDENT,
        role::DEPARTMENT_MANAGER,
        role::ASSOCIATED_PARTY,
    ];
    if person.role_among(DELEGATES).is_none() {
        return Ok(Vec::new());
    }
    rows::mandate::of_person(connection, region, person.human().subject()).await
}

/// The contract that an act is about, if it exists for the caller.
pub(crate) async fn contract(unit: &mut Unit, call: &Call, name: &str) -> Result<Contract, Error> {
    let id: ContractId = convert::name("contract", name)?;
    rows::contract::find(unit.connection(), id)
        .await?
        .filter(|contract| sees_contract(call, contract))
        .ok_or_else(|| Error::NotFound(name.to_owned()))
}

/// The contract, if it exists for the caller: somebody who signs for an associated third party reads the contracts for which
/// they have a mandate that has not ended, whatever their region.
pub(crate) async fn visible(
    connection: &mut PgConnection,
    call: &Call,
    contract: Contract,
) -> Result<Option<Contract>, store::Error> {
    if call.caller.actor.role != role::ASSOCIATED_PARTY {
        return Ok(sees_contract(call, &contract).then_some(contract));
    }
    let (subject, today) = (
        &call.caller.actor.subject,
        legal_day(call.at, contract.region),
    );
    let mandates = rows::mandate::of_person(connection, contract.region, subject).await?;
    let is_theirs = mandates.iter().any(|mandate| {
        let has_ended = mandate.terms.valid_to.is_some_and(|last| last < today);
        mandate.terms.contract == Some(contract.id) && !has_ended
    });
    Ok(is_theirs.then_some(contract))
}

/// The side on which the caller reads.
pub(crate) fn side(call: &Call) -> Side {
    Side::of_role(&call.caller.actor.role)
}

/// Refuses a tag of what is not disclosed to the parties step by step: what was done since is told to the agency alone.
pub(crate) async fn check_tag(
    unit: &mut Unit,
    call: &Call,
    resource: &impl Display,
    (given, version): (&str, i64),
) -> Result<(), Error> {
    match side(call) {
        Side::Ars => etag::check_telling(unit, resource, given, version).await,
        Side::Establishment | Side::Department => etag::check(given, version),
    }
}

/// What a list may show.
pub(crate) fn of_list(call: &Call) -> Scope {
    match side(call) {
        Side::Ars => Scope::Regions(call.caller.regions()),
        Side::Establishment => Scope::LegalEntities(
            call.caller
                .finess()
                .iter()
                .map(ToString::to_string)
                .collect(),
        ),
        Side::Department => Scope::Departments(departments(call)),
    }
}

/// Codes of the départements whose council the caller acts for.
pub(crate) fn departments(call: &Call) -> Vec<String> {
    let departments = call.caller.departments().iter();
    departments.map(ToString::to_string).collect()
}

/// The only parties whose mandates the caller reads: of a council, its own; none for who reads by region.
pub(crate) fn parties(call: &Call) -> Option<Vec<String>> {
    let departments = call.caller.departments().iter();
    let councils = || departments.map(|d| Party::Department(*d).to_string());
    (side(call) == Side::Department).then(|| councils().collect())
}

/// Whether one of these councils is that of the caller.
pub(crate) fn is_of_councils<'a>(
    call: &Call,
    councils: impl IntoIterator<Item = &'a Department>,
) -> bool {
    let own = call.caller.departments();
    councils.into_iter().any(|council| own.contains(council))
}

/// Whether a contract exists for the caller. A council sees those under joint competence of which it is a party: the
/// categories of their sites in its département make it one (CASF L313-12 IV ter).
pub(crate) fn sees_contract(call: &Call, contract: &Contract) -> bool {
    match side(call) {
        Side::Department => is_of_councils(call, &contract.councils()),
        Side::Ars | Side::Establishment => sees(call, contract.region, &contract.members()),
    }
}

/// The contract of an amendment, if that exists for the caller: beside those who see the contract, who joins it by the
/// amendment reads and signs that.
pub(crate) async fn visible_amendment(
    connection: &mut PgConnection,
    call: &Call,
    (contract, amendment): (Contract, &Amendment),
) -> Result<Option<Contract>, store::Error> {
    let joins = viewer(call).is_some_and(|person| amendment.brings(side(call), &person));
    if joins {
        return Ok(Some(contract));
    }
    visible(connection, call, contract).await
}

/// Whether a contract is visible, told by its region and its text on some day.
pub(crate) fn sees_text(call: &Call, region: Region, text: &ContractText) -> bool {
    match side(call) {
        Side::Department => is_of_councils(call, &text.content.departmental_councils),
        Side::Ars | Side::Establishment => sees(call, region, &text.legal_entities),
    }
}

/// Whether a record of a region about these legal entities, and about no council, exists for the caller.
pub(crate) fn sees<'a>(
    call: &Call,
    region: Region,
    legal_entities: impl IntoIterator<Item = &'a Finess>,
) -> bool {
    match side(call) {
        Side::Ars => call.caller.sees(region),
        Side::Establishment => legal_entities
            .into_iter()
            .any(|entity| call.caller.represents(entity)),
        Side::Department => false,
    }
}
