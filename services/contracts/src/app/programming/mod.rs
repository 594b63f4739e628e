//! Programming of the medico-social contracts (CASF L313-12 IV ter).

pub mod act;
pub mod draft;
mod effect;
pub mod read;

use std::collections::BTreeSet;

use rpc::{Call, Error};
use sqlx::PgConnection;

use crate::{
    app::scope,
    domain::{
        Programming, Side,
        perimeter::RegistryView,
        programming::{Horizon, Lines},
    },
    grpc::convert,
    store as rows,
};

/// Whether the caller prepares a decision: the agency of its region, and the councils that decide with it.
fn prepares(call: &Call, programming: &Programming) -> bool {
    let series = &programming.series;
    match scope::side(call) {
        Side::Ars => call.caller.sees(series.region),
        Side::Establishment => false,
        Side::Department => scope::is_of_councils(call, &series.councils),
    }
}

/// The lines of a request, well formed, and what the registry says of whom they name.
async fn lines(
    connection: &mut PgConnection,
    lines: &[proto::contracts::v1::ProgrammingLine],
    horizon: Horizon,
) -> Result<(Lines, RegistryView), Error> {
    let lines = Lines::new(convert::programming::lines_from(lines)?, horizon)
        .map_err(super::error::malformed)?;
    let entities: BTreeSet<_> = lines.as_slice().iter().map(|l| l.legal_entity).collect();
    let sites: BTreeSet<_> = lines.years().into_keys().collect();
    let registry = rows::perimeter::view_of(connection, &entities, &sites).await?;
    Ok((lines, registry))
}
