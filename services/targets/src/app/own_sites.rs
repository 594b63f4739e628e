//! To which sites a caller is limited, beside its regions.

use kernel::Region;
use rpc::{Call, Error};

use super::{App, target_sets};
use crate::store::contract_copy;

/// FINESS numbers: an establishment reads its own, a departmental council those of the contracts that it signs (CASF
/// L313-12 IV ter); none for who reads the whole of a region.
pub(crate) async fn of(
    app: &App,
    call: &Call,
    region: Region,
) -> Result<Option<Vec<String>>, Error> {
    let caller = &call.caller;
    if caller.is_establishment() {
        let own = caller.finess().iter().map(ToString::to_string);
        return Ok(Some(own.collect()));
    }
    let Some(councils) = target_sets::councils(caller) else {
        return Ok(None);
    };
    let sites = contract_copy::sites_of_councils(app.db.pool(), region, &councils).await?;
    Ok(Some(sites))
}

/// The sites to read: those that are asked for among one’s own, all of one’s own when none is; none for no limit.
pub(crate) async fn among(
    app: &App,
    call: &Call,
    region: Region,
    asked: &str,
) -> Result<Option<Vec<String>>, Error> {
    let own = of(app, call, region).await?;
    if asked.is_empty() {
        return Ok(own);
    }
    let is_own = own
        .as_ref()
        .is_none_or(|own| own.iter().any(|number| number == asked));
    Ok(Some(is_own.then(|| asked.to_owned()).into_iter().collect()))
}
