//! What of the registry a caller sees.

use kernel::Region;
use rpc::{Call, Error};

use crate::store::scope::Scope;

/// People and systems of establishments see their own entities and sites; everybody else the regions
/// of their token.
pub(super) fn of(call: &Call) -> Scope {
    if call.caller.is_establishment() {
        let own = call
            .caller
            .finess()
            .iter()
            .map(ToString::to_string)
            .collect();
        return Scope {
            regions: None,
            finess: Some(own),
        };
    }
    Scope {
        regions: call.caller.regions(),
        finess: None,
    }
}

/// The region a list is restricted to, if any. Asking for one outside the token is refused rather than
/// answered with an empty list, which would read as "there is nothing there".
pub(super) fn region(call: &Call, code: &str) -> Result<Option<Region>, Error> {
    if code.is_empty() {
        return Ok(None);
    }
    let region: Region = code
        .parse()
        .map_err(|error| Error::invalid("region", error))?;
    if !call.caller.is_establishment() {
        call.caller.require_region(region, &call.permission)?;
    }
    Ok(Some(region))
}

/// The FINESS number of a resource name such as `establishments/130786049`.
pub(super) fn finess(field: &str, collection: &str, name: &str) -> Result<kernel::Finess, Error> {
    let number = name
        .strip_prefix(collection)
        .and_then(|rest| rest.strip_prefix('/'))
        .ok_or_else(|| Error::invalid(field, format!("must be like {collection}/130786049")))?;
    number.parse().map_err(|error| Error::invalid(field, error))
}
