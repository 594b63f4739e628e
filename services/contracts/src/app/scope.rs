//! Who may see what: the agency by region, directors by legal entity.

use kernel::{Finess, Region};
use rpc::{Call, Error};

use crate::{
    domain::{Person, Side},
    store::Scope,
};

/// The person who acts, under the one role for which the call was allowed.
pub(crate) fn acting(call: &Call) -> Result<Person, Error> {
    let human = call.human()?;
    let role = human.role().to_owned();
    Ok(Person::new(
        human,
        [role],
        call.caller.finess().iter().copied(),
    ))
}

/// The person who looks, with every role of their token; none for a machine.
pub(crate) fn viewer(call: &Call) -> Option<Person> {
    let human = call.caller.actor.as_human()?;
    let roles = call.caller.roles().iter().cloned();
    Some(Person::new(
        human,
        roles,
        call.caller.finess().iter().copied(),
    ))
}

/// The side on which the caller reads.
pub(crate) fn side(call: &Call) -> Side {
    Side::of_role(&call.caller.actor.role)
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
    }
}

/// Whether a record of a region about these legal entities exists for the caller.
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
    }
}
