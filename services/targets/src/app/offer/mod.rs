//! Use cases of schemes, credits, cooperations, calls for projects and supplied figures. People decide; what is computed
//! here informs them.

pub(crate) mod change_call;
pub(crate) mod change_cooperation;
pub(crate) mod change_scheme;
pub(crate) mod compare_scheme;
pub(crate) mod error;
pub(crate) mod home_care;
pub(crate) mod kept;
pub(crate) mod means_and_results;
pub(crate) mod move_credits;
pub(crate) mod record_axes;
pub(crate) mod set_tariffs;
pub(crate) mod state_figures;
pub(crate) mod waive_modulation;

use kernel::{Region, legal_time::legal_day};
use rpc::{Call, Error};
use sqlx::{PgConnection, PgPool};
use time::Date;

use crate::{
    domain::{
        Objective,
        offer::{
            Kept, OfferRefusal, Scheme, coverage::objective_name, defect, kept as names, scheme,
            sound,
        },
    },
    grpc::{planning::reading::day, scalars::parse},
    store::offer::kept as table,
};

/// A region the caller may see.
pub(crate) fn region_of(call: &Call, region: &str) -> Result<Region, Error> {
    let region: Region = parse("region", region)?;
    call.caller.require_region(region, &call.permission)?;
    Ok(region)
}

/// A day that is asked for, or today in the region.
pub(crate) fn day_of(call: &Call, region: Region, as_of: &str) -> Result<Date, Error> {
    match as_of {
        "" => Ok(legal_day(call.at, region)),
        text => day("as_of", text),
    }
}

/// The scheme of a region that counts on a day, when there is one.
pub(crate) async fn scheme_in_effect(
    pool: &PgPool,
    region: Region,
    day: Date,
) -> Result<Option<Kept<Scheme>>, Error> {
    let adopted = table::of_region::<Scheme>(pool, region, Some("adopted")).await?;
    Ok(scheme::in_effect(adopted, day))
}

/// Checks that the objectives of a scheme that some name are those of an adopted scheme of the region.
pub(crate) async fn check_scheme_objectives(
    connection: &mut PgConnection,
    region: Region,
    objectives: &[Objective],
) -> Result<(), Error> {
    let mut defects = Vec::new();
    for (place, objective) in objectives.iter().enumerate() {
        let Some(name) = &objective.scheme_objective else {
            continue;
        };
        if !is_adopted(connection, region, name).await? {
            let field = format!("objectives[{place}].scheme_objective");
            let why = format!("{name} is no objective of an adopted scheme of the region {region}");
            defects.push(defect(field, "SCHEME_OBJECTIVE_UNKNOWN", why));
        }
    }
    sound(defects).map_err(error::refused)
}

/// Whether a name is that of an objective of an adopted scheme of the region.
async fn is_adopted(
    connection: &mut PgConnection,
    region: Region,
    name: &str,
) -> Result<bool, Error> {
    let Some((scheme, objective)) = name.split_once("/objectives/") else {
        return Ok(false);
    };
    let Some(id) = names::id_in::<Scheme>(scheme) else {
        return Ok(false);
    };
    let found = table::find::<Scheme>(&mut *connection, id).await?;
    Ok(found.is_some_and(|found| {
        let scheme = &found.value;
        scheme.region == region
            && matches!(scheme.value.state, scheme::SchemeState::Adopted(_))
            && scheme.value.objective(objective).is_some()
            && objective_name(scheme, objective) == name
    }))
}

/// The scheme that must count on a day.
async fn require_scheme(pool: &PgPool, region: Region, day: Date) -> Result<Kept<Scheme>, Error> {
    Ok(scheme_in_effect(pool, region, day)
        .await?
        .ok_or(OfferRefusal::NoScheme { region, day })?)
}
